/** Which question of a wound is looked at. */
import { idOf } from "../../api/names";
import { type Assessment, AssessmentState } from "../../gen/samspil/wound/v1/assessment_pb";

const open: readonly AssessmentState[] = [
  AssessmentState.REQUESTED,
  AssessmentState.CLAIMED,
  AssessmentState.AWAITING_MORE,
];

/** Whether somebody still waits for an answer. */
export function isOpen(assessment: Assessment): boolean {
  return open.includes(assessment.state);
}

/** The one that the address names, else the newest open one, else the newest. They are given newest first. */
export function chosen(assessments: readonly Assessment[], wanted: string | null): Assessment | undefined {
  const named = wanted && assessments.find((one) => idOf(one.name) === wanted);
  return named || assessments.find(isOpen) || assessments[0];
}
