import { useTranslation } from "react-i18next";
import { problem } from "../../api/errors";
import { wounds } from "../../api/wounds";
import { TextBlockPlace } from "../../gen/samspil/review/v1/review_service_pb";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextArea } from "../../ui/Field";
import { Failure } from "../../ui/Notice";
import { useChange } from "../assessment/useChange";
import styles from "./Answer.module.css";
import { append } from "./draft";
import { TextBlocks } from "./TextBlocks";

interface AskMoreProps {
  assessment: Assessment;
  /** Kept by the desk, so that closing the dialog drops no word. */
  text: string;
  onText: (text: string) => void;
  onClose: () => void;
}

/** Asks the nurse for more: the clock stands still until she has supplied it. */
export function AskMore({ assessment, text, onText, onClose }: AskMoreProps) {
  const { t } = useTranslation(["answer", "app"]);
  const { name, etag } = assessment;
  const ask = useChange({
    name,
    make: (question: string) => ({ name, etag, question }),
    call: (request) => wounds.askForMore(request),
  });
  const send = () =>
    ask.mutate(text.trim(), {
      onSuccess: () => {
        onText("");
        onClose();
      },
    });
  const fields = ask.error ? problem(ask.error).fields : {};
  return (
    <Dialog
      open
      title={t("more.title")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("app:cancel")}</Button>
          <Button kind="primary" busy={ask.isPending || text.trim() === ""} onClick={send}>
            {t("more.send")}
          </Button>
        </>
      }
    >
      <div className={styles.withBlocks}>
        <TextBlocks
          place={TextBlockPlace.MORE}
          text={text}
          onInsert={(block) => onText(append(text, block.text))}
        />
        <TextArea
          label={t("more.label")}
          hint={t("more.hint")}
          value={text}
          maxLength={10_000}
          error={fields.question}
          onChange={(event) => onText(event.target.value)}
        />
      </div>
      <Failure error={ask.error} />
    </Dialog>
  );
}
