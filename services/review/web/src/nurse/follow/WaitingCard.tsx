import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { woundOf } from "../../api/names";
import { queries } from "../../api/queries";
import { useIntention } from "../../api/useIntention";
import { wounds } from "../../api/wounds";
import { ClockStage, ClockStageSchema, ClockState } from "../../gen/samspil/common/v1/clock_pb";
import {
  type Assessment,
  AssessmentPriority,
  AssessmentPrioritySchema,
  AssessmentState,
} from "../../gen/samspil/wound/v1/assessment_pb";
import { dayAndTime } from "../../i18n/format";
import { term } from "../../i18n/terms";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { Failure } from "../../ui/Notice";
import { Organisation } from "../../ui/Organisation";
import styles from "./Follow.module.css";

/** A question that waits for its answer, and the way to take it back. */
export function WaitingCard({ assessment, records }: { assessment: Assessment; records: boolean }) {
  const { t } = useTranslation(["nurse", "app"]);
  const client = useQueryClient();
  const [closing, setClosing] = useState(false);
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const close = useIntention(
    ({ reason, etag }: { reason: string; etag: string }, requestId) =>
      wounds.closeAssessment({ name: assessment.name, reason, etag, requestId }),
    () => void client.invalidateQueries({ queryKey: queries.assessments(woundOf(assessment.name)).queryKey }),
  );
  const send = () => {
    setMissing(!reason.trim());
    if (reason.trim()) close.mutate({ reason: reason.trim(), etag: assessment.etag });
  };
  const { clock } = assessment;
  const stage = clock?.stage ?? 0;
  return (
    <section className={styles.card} aria-label={t("waiting.title")}>
      <h4 className={styles.cardTitle}>{t("waiting.title")}</h4>
      <p className={styles.text}>{assessment.question}</p>
      <p className={styles.quiet}>
        <Organisation name={assessment.receiver} />
        {assessment.state === AssessmentState.CLAIMED &&
          ` · ${t("waiting.claimed", { name: assessment.claim?.holder?.displayName ?? "" })}`}
      </p>
      <div className={styles.actions}>
        {assessment.priority === AssessmentPriority.URGENT && (
          <Badge kind="warn">{term(AssessmentPrioritySchema, assessment.priority)}</Badge>
        )}
        {clock?.state === ClockState.PAUSED ? (
          <Badge>{t("waiting.paused")}</Badge>
        ) : (
          <Badge kind={stage >= ClockStage.OVERDUE ? "bad" : undefined}>
            {stage >= ClockStage.OVERDUE
              ? term(ClockStageSchema, stage)
              : t("waiting.due", { time: dayAndTime(clock?.dueTime) })}
          </Badge>
        )}
      </div>
      {records && (
        <details
          className={styles.fold}
          open={closing}
          onToggle={(event) => setClosing(event.currentTarget.open)}
        >
          <summary>{t("waiting.takeBack")}</summary>
          <div className={styles.form}>
            <TextArea
              label={t("waiting.reason")}
              error={missing ? t("waiting.reasonMissing") : undefined}
              value={reason}
              maxLength={2000}
              onChange={(event) => setReason(event.target.value)}
            />
            <Failure error={close.error} />
            <Button kind="danger" busy={close.isPending} onClick={send}>
              {t("waiting.takeBack")}
            </Button>
          </div>
        </details>
      )}
    </section>
  );
}
