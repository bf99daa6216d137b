import { useState } from "react";
import { useTranslation } from "react-i18next";
import { told } from "../../api/errors";
import { dayAndTime } from "../../i18n/format";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Notice } from "../../ui/Notice";
import { actions } from "./actions";
import styles from "./Outbox.module.css";
import { PhotoRow } from "./PhotoRow";
import { next, type VisitRecord } from "./record";
import { sender } from "./sender";
import { discard } from "./store";

/** A visit on its way: where it stands, and what stands in its way. */
export function VisitCard({ visit }: { visit: VisitRecord }) {
  const { t } = useTranslation("outbox");
  const step = next(visit, Date.now());
  const needed = visit.trouble || step.do === "decide" || step.do === "look";
  const photos = visit.photos.filter((photo) => photo.state !== "withdrawn");
  return (
    <article className={styles.card} aria-label={visit.title}>
      <header className={styles.head}>
        <div>
          <h2>{visit.title || t("visit")}</h2>
          <p className={styles.quiet}>{dayAndTime(new Date(visit.visitTime))}</p>
        </div>
        <Badge kind={needed ? "warn" : "info"}>{t(`step.${visit.trouble ? "trouble" : step.do}`)}</Badge>
      </header>
      {photos.length > 0 && (
        <ul className={styles.photos}>
          {photos.map((photo, index) => (
            <PhotoRow key={photo.id} visit={visit} photo={photo} number={index + 1} />
          ))}
        </ul>
      )}
      <p className={styles.quiet}>
        {visit.question ? t("asks") : visit.more ? t("supplies") : t("asksNothing")}
      </p>
      {visit.trouble && <InTheWay visit={visit} trouble={visit.trouble} />}
    </article>
  );
}

function InTheWay({ visit, trouble }: { visit: VisitRecord; trouble: NonNullable<VisitRecord["trouble"]> }) {
  const { t, i18n } = useTranslation("outbox");
  const [discarding, setDiscarding] = useState(false);
  const atQuestion = visit.completed;
  const advice = `outbox:advice.${trouble.reason}`;
  const again = async () => {
    await actions.again(visit.id);
    sender.wake();
  };
  const withoutQuestion = async () => {
    await actions.withoutQuestion(visit.id);
    sender.wake();
  };
  return (
    <>
      <Notice kind="bad">
        {i18n.exists(advice) ? (
          <p>{t(advice as never)}</p>
        ) : (
          <>
            <p>{told(trouble.reason, trouble.code)}</p>
            <p>{t("kept")}</p>
          </>
        )}
      </Notice>
      <div className={styles.row}>
        <Button kind="primary" onClick={again}>
          {t("again")}
        </Button>
        {atQuestion ? (
          <Button onClick={withoutQuestion}>{t("withoutQuestion")}</Button>
        ) : (
          !visit.recorded && (
            <Button kind="quiet" onClick={() => setDiscarding(true)}>
              {t("discard.button")}
            </Button>
          )
        )}
      </div>
      <Dialog
        open={discarding}
        title={t("discard.title")}
        onClose={() => setDiscarding(false)}
        actions={
          <>
            <Button onClick={() => setDiscarding(false)}>{t("discard.keep")}</Button>
            <Button kind="danger" onClick={() => discard(visit)}>
              {t("discard.button")}
            </Button>
          </>
        }
      >
        <p>{t("discard.text")}</p>
      </Dialog>
    </>
  );
}
