import {
  type KeyboardEvent,
  startTransition,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { day } from "../../i18n/format";
import { byVisit, type Choice, canBeSeen, type Shot } from "./choice";
import styles from "./Strip.module.css";
import { Thumbnail } from "./Thumbnail";

export type Side = "a" | "b";

interface StripProps {
  shots: readonly Shot[];
  choice: Choice;
  onChoose: (shot: Shot, side: Side) => void;
}

/** All photos of a wound by visit, the oldest first. One of them is in the order of the tab key, arrows go on from there. */
export function Strip({ shots, choice: { a, b }, onChoose }: StripProps) {
  const { t } = useTranslation("picture");
  const list = useRef<HTMLOListElement>(null);
  const [side, setSide] = useState<Side>("a");
  const [reached, setReached] = useState<string>();
  const visits = useMemo(() => byVisit(shots), [shots]);
  const chosen = a?.photo.photoId;
  const current = shots.some(({ photo }) => photo.photoId === reached) ? reached : chosen;
  const into = b ? side : "a";
  useEffect(() => {
    if (!list.current || !chosen) return;
    const there = list.current.querySelector<HTMLElement>(`[data-photo="${chosen}"]`);
    if (there) list.current.scrollLeft = there.offsetLeft - list.current.clientWidth / 2;
  }, [chosen]);

  // A step draws two thumbnails, not all of them: what they call stays the same function.
  // What was tapped is drawn when there is time, so that the tap itself never hangs.
  const choose = (shot: Shot, other: boolean) =>
    startTransition(() => {
      setReached(shot.photo.photoId);
      onChoose(shot, other ? "b" : into);
    });
  const newest = useRef(choose);
  useLayoutEffect(() => {
    newest.current = choose;
  });
  const onThumbnail = useCallback((shot: Shot, other: boolean) => newest.current(shot, other), []);

  const goTo = (index: number) => {
    const shot = shots[Math.min(Math.max(index, 0), shots.length - 1)];
    if (!shot) return;
    setReached(shot.photo.photoId);
    const there = list.current?.querySelector<HTMLElement>(`[data-photo="${shot.photo.photoId}"]`);
    there?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const at = shots.findIndex(({ photo }) => photo.photoId === current);
    const shot = shots[at];
    if (event.key === "ArrowLeft") goTo(at - 1);
    else if (event.key === "ArrowRight") goTo(at + 1);
    else if (event.key === "Home") goTo(0);
    else if (event.key === "End") goTo(shots.length - 1);
    else if (shot && canBeSeen(shot) && (event.key === "a" || event.key === "b")) onChoose(shot, event.key);
    else return;
    event.preventDefault();
  };

  return (
    <section className={styles.strip} aria-label={t("strip.label")}>
      <div className={styles.head}>
        <span>
          {t("strip.count", {
            photos: t("strip.photos", { count: shots.length }),
            visits: t("strip.visits", { count: visits.length }),
          })}
        </span>
        {b && (
          <fieldset className={styles.sides}>
            <legend>{t("strip.into")}</legend>
            {(["a", "b"] as const).map((one) => (
              <label key={one}>
                <input type="radio" name="side" checked={one === side} onChange={() => setSide(one)} />
                {t(`side.${one}`)}
              </label>
            ))}
          </fieldset>
        )}
        <span className={styles.hint}>{t("strip.hint")}</span>
      </div>
      <ol className={styles.visits} ref={list} onKeyDown={onKeyDown}>
        {visits.map(([visit, ofVisit]) => (
          <li key={visit.name} className={styles.visit}>
            <span className={styles.date}>{day(visit.visitTime)}</span>
            <span className={styles.photos}>
              {ofVisit.map((shot) => (
                <Thumbnail
                  key={shot.photo.photoId}
                  shot={shot}
                  shownAs={shot === a ? "a" : shot === b ? "b" : undefined}
                  reachable={shot.photo.photoId === current}
                  onChoose={onThumbnail}
                />
              ))}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
