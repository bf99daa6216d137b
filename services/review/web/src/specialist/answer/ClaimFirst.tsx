import { useTranslation } from "react-i18next";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import { timeOfDay } from "../../i18n/format";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import type { Hold } from "../assessment/standing";
import type { Holding } from "../assessment/useHold";
import styles from "./Answer.module.css";

interface ClaimFirstProps {
  assessment: Assessment;
  hold: Hold;
  holding: Holding;
  /** It was one's own before. */
  lost: boolean;
}

/** An open question that is not one's own: take it, or see who has. */
export function ClaimFirst({ assessment, hold, holding, lost }: ClaimFirstProps) {
  const { t } = useTranslation(["answer", "queue"]);
  const pending = holding.pending.get(assessment.name);
  if (hold.by === "other") {
    return (
      <Notice kind={lost ? "bad" : "warn"}>
        {t(lost ? "claim.lost" : "claim.taken", {
          name: hold.actor.displayName,
          time: timeOfDay(hold.until),
        })}
      </Notice>
    );
  }
  return (
    <div className={styles.claim}>
      <Button kind="primary" busy={pending !== undefined} onClick={() => holding.act("claim", assessment)}>
        {pending ? t(`queue:pending.${pending}`) : t("claim.take")}
      </Button>
      <p>{t("claim.hint")}</p>
    </div>
  );
}
