import { useTranslation } from "react-i18next";
import { type Assessment, AssessmentState } from "../../gen/samspil/wound/v1/assessment_pb";
import type { Wound } from "../../gen/samspil/wound/v1/wound_pb";
import { usePerson } from "../../session/session";
import { Notice } from "../../ui/Notice";
import { Organisation } from "../../ui/Organisation";
import styles from "./Answer.module.css";
import { Closed } from "./Closed";
import { Exchange } from "./Exchange";
import { SignedAnswer } from "./SignedAnswer";
import { SpecialistDesk } from "./SpecialistDesk";

interface AnswerDeskProps {
  assessment: Assessment;
  wound: Wound;
}

/** A question's answer: written by those who were asked, read by everybody else. */
export function AnswerDesk({ assessment, wound }: AnswerDeskProps) {
  const person = usePerson();
  const asked =
    person.role === "specialist" && assessment.receiver === `organisations/${person.organisation}`;
  // One desk for each question: what is typed for one never turns up at another.
  return asked ? (
    <SpecialistDesk key={assessment.name} assessment={assessment} wound={wound} />
  ) : (
    <ReadingDesk assessment={assessment} />
  );
}

function ReadingDesk({ assessment }: { assessment: Assessment }) {
  const { t } = useTranslation(["answer"]);
  const { state } = assessment;
  return (
    <section className={styles.desk} aria-label={t("title")}>
      {(state === AssessmentState.REQUESTED || state === AssessmentState.CLAIMED) && (
        <Notice kind="info">
          {t(state === AssessmentState.CLAIMED ? "waits.claimed" : "waits.requested")}{" "}
          <Organisation name={assessment.receiver} />
        </Notice>
      )}
      {state === AssessmentState.AWAITING_MORE && <Notice kind="warn">{t("waits.more")}</Notice>}
      <Exchange assessment={assessment} />
      <Closed assessment={assessment} />
      <SignedAnswer assessment={assessment} />
    </section>
  );
}
