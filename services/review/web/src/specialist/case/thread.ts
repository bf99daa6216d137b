/** Everything that was said on a case, in the order of time: messages, questions, what was asked for in between, answers. */
import { type Timestamp, timestampMs } from "@bufbuild/protobuf/wkt";
import type { Actor } from "../../gen/samspil/common/v1/common_pb";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import type { Message } from "../../gen/samspil/wound/v1/message_pb";

export type Said = "message" | "question" | "secondOpinion" | "asked" | "supplied" | "answered" | "amended";

export interface Entry {
  id: string;
  kind: Said;
  time: Timestamp;
  who: Actor | undefined;
  text: string;
  /** The assessment that it belongs to, or empty. */
  assessment: string;
}

/** The oldest first. What carries no time is not said yet. */
export function thread(messages: readonly Message[], assessments: readonly Assessment[]): Entry[] {
  const entries = [...messages.flatMap(ofMessage), ...assessments.flatMap(ofAssessment)];
  return entries.sort((a, b) => timestampMs(a.time) - timestampMs(b.time));
}

function ofMessage(message: Message): Entry[] {
  const { name, author, text, createTime } = message;
  return entry(name, "message", createTime, author, text, "");
}

function ofAssessment(one: Assessment): Entry[] {
  const { name } = one;
  const kind = one.secondOpinionOf ? "secondOpinion" : "question";
  return [
    ...entry(`${name}#question`, kind, one.createTime, one.requestedBy, one.question, name),
    ...one.moreRequests.flatMap((more, i) => [
      ...entry(`${name}#asked${i}`, "asked", more.askTime, more.askedBy, more.question, name),
      ...entry(`${name}#supplied${i}`, "supplied", more.supplyTime, one.requestedBy, more.reply, name),
    ]),
    ...one.answers.flatMap((answer) =>
      entry(
        `${name}#answer${answer.version}`,
        answer.version === 1 ? "answered" : "amended",
        answer.signTime,
        answer.signedBy,
        answer.findings,
        name,
      ),
    ),
  ];
}

function entry(
  id: string,
  kind: Said,
  time: Timestamp | undefined,
  who: Actor | undefined,
  text: string,
  assessment: string,
): Entry[] {
  return time ? [{ id, kind, time, who, text, assessment }] : [];
}
