import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { patientOf } from "../../api/names";
import { planOf, plans } from "../../api/plans";
import { useIntention } from "../../api/useIntention";
import {
  type Activity,
  ActivityKindSchema,
  ActivityState,
  ActivityStateSchema,
} from "../../gen/samspil/careplan/v1/activity_pb";
import { ClockStage, ClockStageSchema } from "../../gen/samspil/common/v1/clock_pb";
import { day } from "../../i18n/format";
import { term } from "../../i18n/terms";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { Failure } from "../../ui/Notice";
import { Organisation } from "../../ui/Organisation";
import { activityText } from "./activityText";
import styles from "./Patient.module.css";

interface Deed {
  verb: "accept" | "decline" | "complete";
  words: string;
  etag: string;
}

/** One thing to do. Its owner takes it on, turns it down, or says that it is done. */
export function PlanActivity({ activity, mine }: { activity: Activity; mine: boolean }) {
  const { t } = useTranslation(["nurse", "app"]);
  const client = useQueryClient();
  const [writing, setWriting] = useState<"decline" | "complete">();
  const [words, setWords] = useState("");
  const [missing, setMissing] = useState(false);
  const { name, etag } = activity;
  const act = useIntention(
    ({ verb, words, etag }: Deed, requestId) => {
      if (verb === "accept") return plans.acceptActivity({ name, etag, requestId });
      if (verb === "decline") return plans.declineActivity({ name, reason: words, etag, requestId });
      return plans.completeActivity({ name, outcome: words, etag, requestId });
    },
    () => {
      setWriting(undefined);
      setWords("");
      void client.invalidateQueries({ queryKey: planOf(patientOf(name)).queryKey });
    },
  );
  const send = (verb: Deed["verb"]) => {
    const empty = verb === "decline" && !words.trim();
    setMissing(empty);
    if (!empty) act.mutate({ verb, words: words.trim(), etag });
  };
  const proposed = activity.state === ActivityState.PROPOSED;
  const stage = activity.clock?.stage ?? 0;
  return (
    <article className={styles.item}>
      <p className={styles.text}>{activityText(activity)}</p>
      <p className={styles.quiet}>
        {[
          term(ActivityKindSchema, activity.kind),
          activity.dueTime && t("plan.due", { date: day(activity.dueTime) }),
        ]
          .filter(Boolean)
          .join(" · ")}
        {!mine && (
          <>
            {" · "}
            <Organisation name={activity.owner} />
          </>
        )}
        {proposed &&
          activity.proposedBy?.displayName &&
          ` · ${t("plan.by", { name: activity.proposedBy.displayName })}`}
      </p>
      <div className={styles.actions}>
        {proposed && !mine && <Badge>{term(ActivityStateSchema, activity.state)}</Badge>}
        {stage >= ClockStage.DUE && (
          <Badge kind={stage >= ClockStage.OVERDUE ? "bad" : "warn"}>{term(ClockStageSchema, stage)}</Badge>
        )}
      </div>
      {mine && writing && (
        <TextArea
          label={t(writing === "decline" ? "plan.reason" : "plan.outcome")}
          error={missing ? t("plan.reasonMissing") : undefined}
          value={words}
          maxLength={2000}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      <Failure error={act.error} />
      {mine && (
        <div className={styles.actions}>
          {writing ? (
            <>
              <Button kind="primary" busy={act.isPending} onClick={() => send(writing)}>
                {t(writing === "decline" ? "plan.decline" : "plan.complete")}
              </Button>
              <Button onClick={() => setWriting(undefined)}>{t("app:cancel")}</Button>
            </>
          ) : proposed ? (
            <>
              <Button kind="primary" busy={act.isPending} onClick={() => send("accept")}>
                {t("plan.accept")}
              </Button>
              <Button onClick={() => setWriting("decline")}>{t("plan.decline")}</Button>
            </>
          ) : (
            <Button onClick={() => setWriting("complete")}>{t("plan.complete")}</Button>
          )}
        </div>
      )}
    </article>
  );
}
