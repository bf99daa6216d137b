import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Failure } from "../../ui/Notice";
import { AnswerText } from "./AnswerText";
import type { Draft } from "./draft";

interface SignDialogProps {
  draft: Draft;
  /** The version that is amended. */
  before: Draft | undefined;
  busy: boolean;
  error: unknown;
  onSign: () => void;
  onClose: () => void;
}

/** The last look before signing: the answer as it will read. */
export function SignDialog({ draft, before, busy, error, onSign, onClose }: SignDialogProps) {
  const { t } = useTranslation(["answer", "app"]);
  const sign = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open
      title={t(before ? "sign.amendTitle" : "sign.title")}
      initialFocus={sign}
      // A signature on its way cannot be called back.
      {...(!busy && { onClose })}
      actions={
        <>
          <Button busy={busy} onClick={onClose}>
            {t("sign.back")}
          </Button>
          <Button kind="primary" ref={sign} busy={busy} onClick={onSign}>
            {t(busy ? "sign.busy" : "sign.sign")}
          </Button>
        </>
      }
    >
      <AnswerText answer={draft} before={before} />
      {before && (
        <p>
          <strong>{t("amend.reason")}:</strong> {draft.amendReason.trim()}
        </p>
      )}
      <Failure error={error} />
    </Dialog>
  );
}
