import { useQuery } from "@tanstack/react-query";
import { memo, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "../../api/queries";
import { PhotoStateSchema, Rendition } from "../../gen/samspil/wound/v1/photo_pb";
import { day } from "../../i18n/format";
import { term } from "../../i18n/terms";
import { canBeSeen, type Shot } from "./choice";
import styles from "./Strip.module.css";
import { useAddress } from "./useAddress";
import { useWarnings } from "./useWarnings";

interface ThumbnailProps {
  shot: Shot;
  shownAs: "a" | "b" | undefined;
  /** The tab key comes here. */
  reachable: boolean;
  /** Chosen; for the other side when that was held down. */
  onChoose: (shot: Shot, other: boolean) => void;
}

/** A photo in the strip. It is fetched once it is near what can be seen. */
export const Thumbnail = memo(function Thumbnail({ shot, shownAs, reachable, onChoose }: ThumbnailProps) {
  const { t } = useTranslation("picture");
  const button = useRef<HTMLButtonElement>(null);
  const stored = canBeSeen(shot);
  const near = useNear(button);
  const picture = useQuery({
    ...queries.picture(shot.photo.name, Rendition.THUMBNAIL),
    enabled: near && stored,
  });
  const address = useAddress(picture.data);
  const warnings = useWarnings(shot.photo);
  const state = stored ? "" : term(PhotoStateSchema, shot.photo.state);
  const told = [
    day(shot.visit.visitTime),
    t("strip.place", { place: shot.place, of: shot.of }),
    shownAs && t("strip.shownAs", { side: t(`side.${shownAs}`) }),
    state,
    ...warnings.map(({ short }) => short),
    picture.isError && t("strip.failed"),
  ].filter(Boolean);
  return (
    <button
      ref={button}
      type="button"
      className={styles.thumbnail}
      data-photo={shot.photo.photoId}
      data-shown={shownAs}
      tabIndex={reachable ? 0 : -1}
      aria-label={told.join(", ")}
      aria-pressed={shownAs !== undefined}
      aria-disabled={!stored}
      title={shot.photo.refusalMessage || told.join(", ")}
      onClick={(event) => stored && onChoose(shot, event.shiftKey)}
    >
      {address && <img src={address} alt="" />}
      {state && <span className={styles.state}>{state}</span>}
      {picture.isError && <span className={styles.state}>{t("strip.failed")}</span>}
      {warnings.some(({ kind }) => kind === "warn") && <span className={styles.warning}>!</span>}
      {shownAs && <span className={styles.side}>{t(`side.${shownAs}`)}</span>}
    </button>
  );
});

/** Whether an element is or has been near what can be seen. */
function useNear(element: React.RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (near || !element.current) return;
    const observer = new IntersectionObserver(
      (seen) => seen.some(({ isIntersecting }) => isIntersecting) && setNear(true),
      { rootMargin: "400px" },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [near, element]);
  return near;
}
