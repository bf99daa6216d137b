import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { problem } from "../../api/errors";
import { type Assessment, AssessmentState } from "../../gen/samspil/wound/v1/assessment_pb";
import type { Wound } from "../../gen/samspil/wound/v1/wound_pb";
import { usePerson } from "../../session/session";
import { Notice } from "../../ui/Notice";
import { useMinute } from "../../ui/now";
import { HoldFailure } from "../assessment/HoldFailure";
import { holdOf } from "../assessment/standing";
import { useHold } from "../assessment/useHold";
import { Advice } from "./Advice";
import { Amending } from "./Amending";
import styles from "./Answer.module.css";
import { Answering } from "./Answering";
import { ClaimFirst } from "./ClaimFirst";
import { Closed } from "./Closed";
import { isSigned } from "./draft";
import { Exchange } from "./Exchange";
import { KeptText } from "./KeptText";
import { SignedAnswer } from "./SignedAnswer";
import { useDraft } from "./useDraft";

/** Refusals that no trying again helps against: the patient's data are closed to this organisation. */
const closedToUs = ["NO_RELATION", "NO_PERMISSION", "NOT_THE_RECEIVER"];

/** The desk of a specialist whose organisation was asked. What is typed stays, whatever becomes of the question. */
export function SpecialistDesk({ assessment, wound }: { assessment: Assessment; wound: Wound }) {
  const { t } = useTranslation(["answer"]);
  const person = usePerson();
  const drafting = useDraft(assessment.name);
  const holding = useHold();
  // The lease counts its seconds itself; here a minute is fine enough to see that somebody else's claim is over.
  const now = useMinute();
  const hold = holdOf(assessment, person.id, now);
  const { state } = assessment;
  const answered = assessment.answers.length > 0;
  const [hadIt, setHadIt] = useState(hold.by === "me");
  if (hold.by === "me" && !hadIt) setHadIt(true);
  useForgetSigned(assessment, drafting);

  const refusal = drafting.state.kind === "refused" ? problem(drafting.state.error).reason : "";
  if (closedToUs.includes(refusal)) {
    return (
      <section className={styles.desk} aria-label={t("title")}>
        <Notice kind="bad">{t("withdrawn")}</Notice>
        <KeptText drafting={drafting} />
      </section>
    );
  }
  const open = state === AssessmentState.REQUESTED || state === AssessmentState.CLAIMED;
  const waiting = state === AssessmentState.AWAITING_MORE;
  return (
    <section className={styles.desk} aria-label={t("title")}>
      {assessment.secondOpinionOf && <Notice kind="info">{t("second.this")}</Notice>}
      {waiting && <Notice kind="warn">{t("waits.nurse")}</Notice>}
      <Exchange assessment={assessment} />
      <HoldFailure holding={holding} />
      <Advice assessment={assessment} wound={wound} />
      <Closed assessment={assessment} />
      {open && hold.by === "me" ? (
        <Answering assessment={assessment} hold={hold} holding={holding} drafting={drafting} />
      ) : open ? (
        <>
          <ClaimFirst assessment={assessment} hold={hold} holding={holding} lost={hadIt} />
          <KeptText drafting={drafting} />
        </>
      ) : answered ? (
        <>
          <SignedAnswer assessment={assessment} />
          <Amending assessment={assessment} drafting={drafting} />
        </>
      ) : (
        <KeptText drafting={drafting} />
      )}
    </section>
  );
}

/** A signature whose answer was lost on the way shows by the stream: what was signed is no draft any more. */
function useForgetSigned({ answers }: Assessment, { saver }: ReturnType<typeof useDraft>): void {
  const seen = useRef(answers.length);
  useEffect(() => {
    const latest = answers.at(-1);
    // Only a new version counts: an amendment begins as what was signed before.
    if (!latest || answers.length === seen.current) return;
    seen.current = answers.length;
    if (isSigned(saver.draft(), latest)) void saver.hold().then(() => saver.done());
  }, [answers, saver]);
}
