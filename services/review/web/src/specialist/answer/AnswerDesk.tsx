import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import type { Wound } from "../../gen/samspil/wound/v1/wound_pb";
import { AnswerView } from "../case/AnswerView";

/** The answer, to read. */
export function AnswerDesk({ assessment }: { assessment: Assessment; wound: Wound }) {
  return <AnswerView assessment={assessment} />;
}
