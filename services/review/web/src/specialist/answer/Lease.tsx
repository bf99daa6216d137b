import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import { timeOfDay } from "../../i18n/format";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { useSecond } from "../../ui/now";
import type { Hold } from "../assessment/standing";
import type { Holding } from "../assessment/useHold";
import styles from "./Answer.module.css";
import type { Draft } from "./draft";
import { clockText, isShort, wantsRenewal } from "./lease";

interface LeaseProps {
  assessment: Assessment;
  hold: Extract<Hold, { by: "me" }>;
  holding: Holding;
  /** Every change of it is work. */
  draft: Draft;
}

/** How long the case is one's own. It goes on by itself for as long as somebody works on the answer. */
export function Lease({ assessment, hold, holding, draft }: LeaseProps) {
  const { t } = useTranslation(["answer", "queue"]);
  const now = useSecond();
  const lastTry = useRef<Date>(undefined);
  const worked = useRef(draft);
  useEffect(() => {
    if (worked.current === draft) return;
    worked.current = draft;
    const moment = new Date();
    if (!wantsRenewal(hold.until, moment, lastTry.current)) return;
    lastTry.current = moment;
    void holding.act("claim", assessment);
  }, [draft, hold.until, holding, assessment]);
  const short = isShort(hold.until, now);
  const pending = holding.pending.has(assessment.name);
  return (
    <div className={styles.lease}>
      <span title={t("lease.until", { time: timeOfDay(hold.until) })}>
        <Badge kind={hold.lapsed ? "bad" : short ? "warn" : "good"}>
          {hold.lapsed ? t("lease.lapsed") : t("lease.left", { time: clockText(hold.until, now) })}
        </Badge>
      </span>
      {short && (
        <Button small busy={pending} onClick={() => holding.act("claim", assessment)}>
          {t("lease.renew")}
        </Button>
      )}
      <Button small kind="quiet" busy={pending} onClick={() => holding.act("release", assessment)}>
        {t("queue:release")}
      </Button>
    </div>
  );
}
