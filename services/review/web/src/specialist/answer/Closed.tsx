import { useTranslation } from "react-i18next";
import { type Assessment, AssessmentState } from "../../gen/samspil/wound/v1/assessment_pb";
import { Notice } from "../../ui/Notice";

/** Why it ended without an answer. */
export function Closed({ assessment }: { assessment: Assessment }) {
  const { t } = useTranslation(["answer"]);
  if (assessment.state !== AssessmentState.CLOSED) return null;
  if (!assessment.closeReason) return assessment.answers.length > 0 ? <p>{t("closed.read")}</p> : null;
  return <Notice kind="info">{t("closed.because", { reason: assessment.closeReason })}</Notice>;
}
