import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { type FormRecord, type Missing, missing } from "./form";
import styles from "./VisitForm.module.css";

/** Where each thing that is missing is put in. */
const place: Record<Missing["what"], string> = {
  photos: "photos",
  size: "size",
  numbers: "size",
  tissue: "tissue",
  tissueSum: "tissue",
  exudate: "exudate",
  clock: "undermining",
  question: "question",
  questionText: "question",
  receiver: "question",
  reply: "more",
  visitTime: "time",
};

/** What is missing, and the end of the visit. It stays in sight; only what the server would refuse holds it back. */
export function Finish({
  form,
  saved,
  onFinish,
}: {
  form: FormRecord;
  saved: boolean;
  onFinish: () => Promise<void>;
}) {
  const { t } = useTranslation("visit");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const lacks = missing(form, new Date());
  const sealing = form.photos.some((photo) => photo.state === "sealing");
  const blocked = lacks.some((one) => one.blocking) || sealing;
  const finish = async () => {
    // The first press shows what is missing; the second one means it.
    if (blocked || (lacks.length > 0 && !shown)) return setShown(true);
    setBusy(true);
    await onFinish();
    setBusy(false);
  };
  return (
    <div className={styles.finish}>
      {shown && lacks.length > 0 && (
        <div className={styles.lacks} role="status">
          <h2>{blocked ? t("missing.must") : t("missing.may")}</h2>
          <ul>
            {lacks.map(({ what, blocking }) => (
              <li key={what}>
                <a href={`#${place[what]}`} onClick={(event) => goTo(place[what], event)}>
                  {t(`missing.${what}`)}
                </a>
                {blocking && <strong> {t("missing.needed")}</strong>}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className={styles.row}>
        <button
          type="button"
          className={styles.count}
          aria-expanded={shown}
          onClick={() => setShown(!shown)}
          disabled={lacks.length === 0}
        >
          {lacks.length === 0 ? t("missing.none") : t("missing.count", { count: lacks.length })}
        </button>
        <span className={styles.saved} role="status">
          {saved && !sealing ? t("save.saved") : t("save.saving")}
        </span>
        <Button kind="primary" busy={busy} onClick={finish}>
          {shown && lacks.length > 0 && !blocked ? t("finish.anyway") : t("finish.send")}
        </Button>
      </div>
    </div>
  );
}

/** There without a new entry in the history, so that "back" leaves the form and not the list. */
function goTo(id: string, event: { preventDefault(): void }): void {
  event.preventDefault();
  const section = document.getElementById(id);
  section?.scrollIntoView({ block: "start" });
  section?.focus({ preventScroll: true });
}
