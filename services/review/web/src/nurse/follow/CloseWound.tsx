import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useIntention } from "../../api/useIntention";
import { wounds } from "../../api/wounds";
import {
  type Wound,
  type WoundCloseReason,
  WoundCloseReasonSchema,
} from "../../gen/samspil/wound/v1/wound_pb";
import { choices } from "../../i18n/terms";
import { usePerson } from "../../session/session";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Field";
import { Failure } from "../../ui/Notice";
import styles from "./Follow.module.css";

/** Closes a wound, for the organisation that keeps its record. */
export function CloseWound({ wound }: { wound: Wound }) {
  const { t } = useTranslation("nurse");
  const { organisation } = usePerson();
  const client = useQueryClient();
  const [reason, setReason] = useState<WoundCloseReason>();
  const [missing, setMissing] = useState(false);
  const close = useIntention(
    ({ reason, etag }: { reason: WoundCloseReason; etag: string }, requestId) =>
      wounds.closeWound({ name: wound.name, reason, etag, requestId }),
    () => void client.invalidateQueries({ queryKey: ["wounds"] }),
  );
  if (wound.owner !== `organisations/${organisation}`) return null;
  const send = () => {
    setMissing(!reason);
    if (reason) close.mutate({ reason, etag: wound.etag });
  };
  return (
    <details className={styles.fold}>
      <summary>{t("close.title")}</summary>
      <div className={styles.form}>
        <Choice
          label={t("close.reason")}
          error={missing ? t("close.reasonMissing") : undefined}
          value={reason}
          empty={t("close.choose")}
          options={choices<WoundCloseReason>(WoundCloseReasonSchema)}
          onChange={setReason}
        />
        <p className={styles.quiet}>{t("close.text")}</p>
        <Failure error={close.error} />
        <Button kind="danger" busy={close.isPending} onClick={send}>
          {t("close.close")}
        </Button>
      </div>
    </details>
  );
}
