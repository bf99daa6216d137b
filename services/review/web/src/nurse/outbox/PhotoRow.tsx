import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { told } from "../../api/errors";
import { number } from "../../i18n/format";
import { isFull } from "../../session/room";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import type { Taken } from "../camera/photo";
import { Thumb } from "../camera/Thumb";
import { actions, TooLate } from "./actions";
import styles from "./Outbox.module.css";
import { useProgress } from "./progress";
import { isNews, type PhotoRecord, type VisitRecord } from "./record";
import { sender } from "./sender";
import { Warnings } from "./Warnings";

const Camera = lazy(() => import("../camera/Camera"));

/** Code UNKNOWN: the refusal has a reason of its own. */
const NO_CODE = 2;

/** A photo on its way: how far it is, and what is to be done when it is not good enough. */
export function PhotoRow({
  visit,
  photo,
  number: index,
}: {
  visit: VisitRecord;
  photo: PhotoRecord;
  number: number;
}) {
  const { t, i18n } = useTranslation(["outbox", "visit"]);
  const [aiming, setAiming] = useState(false);
  const [trouble, setTrouble] = useState<"full" | "late" | "unsealed">();
  const refused = photo.state === "refused" && !photo.withdraw;
  const news = isNews(photo) && !visit.completed;
  const advice = `outbox:advice.${photo.refusal}`;

  const then = async (act: Promise<unknown>) => {
    try {
      await act;
      setTrouble(undefined);
      sender.wake();
    } catch (error) {
      setTrouble(error instanceof TooLate ? "late" : isFull(error) ? "full" : "unsealed");
    }
  };
  const keep = (taken: Taken) => {
    setAiming(false);
    void then(actions.retake(visit.id, photo.id, taken, t("reason.retaken")));
  };

  return (
    <li className={styles.photo}>
      <Thumb photo={photo} label={t("visit:photos.one", { number: index })} />
      <div className={styles.state}>
        <strong>{t("visit:photos.one", { number: index })}</strong>
        <State photo={photo} />
        {refused && (
          <Notice kind="bad">
            {i18n.exists(advice) ? t(advice as never) : told(photo.refusal ?? "", NO_CODE)}
          </Notice>
        )}
        {photo.state === "stored" && <Warnings warnings={photo.warnings ?? []} />}
        {trouble && <Notice kind="bad">{t(`retake.${trouble}`)}</Notice>}
        {(refused || news) && (
          <div className={styles.row}>
            {!visit.completed && (
              <Button kind="primary" onClick={() => setAiming(true)}>
                {t("retake.button")}
              </Button>
            )}
            {refused ? (
              <Button onClick={() => then(actions.withdraw(visit.id, photo.id, t("reason.withdrawn")))}>
                {t("withdraw")}
              </Button>
            ) : (
              <Button onClick={() => then(actions.accept(visit.id, photo.id))}>{t("accept")}</Button>
            )}
          </div>
        )}
      </div>
      {aiming && (
        <Suspense>
          <Camera onKeep={keep} onClose={() => setAiming(false)} />
        </Suspense>
      )}
    </li>
  );
}

function State({ photo }: { photo: PhotoRecord }) {
  const { t } = useTranslation("outbox");
  const sent = useProgress().photos[photo.id];
  if (photo.state === "waiting" && sent !== undefined) {
    const text = t("sent", { percent: number((100 * sent) / photo.size) });
    return (
      <label className={styles.progress}>
        <span>{text}</span>
        <progress max={photo.size} value={sent} />
      </label>
    );
  }
  return <span className={styles.quiet}>{t(`photo.${photo.state}`)}</span>;
}
