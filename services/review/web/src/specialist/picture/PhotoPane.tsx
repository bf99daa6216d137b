import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "../../api/queries";
import { Rendition } from "../../gen/samspil/wound/v1/photo_pb";
import { Button } from "../../ui/Button";
import { Failure, Notice } from "../../ui/Notice";
import type { Shot } from "./choice";
import { Lens } from "./lens";
import styles from "./PhotoPane.module.css";

interface PhotoPaneProps {
  shot: Shot;
  /** What is written in its corner. */
  caption: ReactNode;
  /** A CSS filter, for looking only. */
  filter: string | undefined;
  /** Hears of the viewer once there is one, and when it is gone. */
  onLens: (lens: Lens | undefined) => void;
  /** What lies over the photo. */
  children?: ReactNode;
}

/** One photo in a viewer: the display picture at once, and its detail as soon as somebody looks so closely. */
export function PhotoPane({ shot: { photo }, caption, filter, onLens, children }: PhotoPaneProps) {
  const { t } = useTranslation(["picture", "app"]);
  const host = useRef<HTMLDivElement>(null);
  const [lens, setLens] = useState<Lens>();
  const [noTiles, setNoTiles] = useState(false);
  const display = useQuery(queries.picture(photo.name, Rendition.DISPLAY));
  const original = useQuery({ ...queries.picture(photo.name, Rendition.ORIGINAL), enabled: noTiles });
  const { widthPx: width, heightPx: height } = photo;

  useEffect(() => {
    if (!host.current || !width || !height) return;
    const made = new Lens(host.current, photo.name, { width, height });
    made.onNoTiles = () => {
      made.giveUpTiles();
      setNoTiles(true);
    };
    setLens(made);
    onLens(made);
    return () => {
      onLens(undefined);
      made.destroy();
    };
  }, [photo.name, width, height, onLens]);
  useEffect(() => {
    if (display.data) lens?.showPicture("display", display.data);
  }, [lens, display.data]);
  useEffect(() => {
    if (original.data) lens?.showPicture("original", original.data);
  }, [lens, original.data]);

  const again = (
    <Button small onClick={() => original.refetch()}>
      {t("app:retry")}
    </Button>
  );
  return (
    <div className={styles.pane}>
      <div className={styles.host} ref={host} style={{ filter }} />
      {children}
      <div className={styles.caption} data-caption="">
        {caption}
      </div>
      <div className={styles.notices}>
        {!(width && height) && <Notice kind="info">{t("noSize")}</Notice>}
        {display.isPending && (
          <span className={styles.fetching} role="status">
            {t("app:loading")}
          </span>
        )}
        <Failure error={display.error} onRetry={() => display.refetch()} />
        {original.isError && (
          <Notice kind="warn" action={again}>
            {t("noDetail")}
          </Notice>
        )}
        {noTiles && original.isPending && <span className={styles.fetching}>{t("fetchingDetail")}</span>}
      </div>
    </div>
  );
}
