/** A visit while it is being written: what is sealed at every change, and how it becomes one that is sent. */
import type { AssessmentPriority } from "../../gen/samspil/wound/v1/assessment_pb";
import { type Findings, nothing } from "../outbox/findings";
import type { PhotoRecord, VisitRecord } from "../outbox/record";

export interface FormRecord {
  /** The visit's id, made with the form: it becomes one visit, whatever happens on the way. */
  visitId: string;
  wound: string;
  startedAt: string;
  visitTime: string;
  findings: Findings;
  /** What stands in a field for a number and is none. */
  typed: Partial<Record<NumberField, string>>;
  photos: PhotoRecord[];
  question: QuestionForm;
  more?: { assessment: string; reply: string };
  requestIds: { create: string; complete: string; ask: string };
}

export type NumberField = "lengthMm" | "widthMm" | "depthMm";

/** By the contract. */
export const MOST: Record<NumberField, number> = { lengthMm: 2000, widthMm: 2000, depthMm: 500 };

/** A number as it may be typed: a value, nothing, or something that is none. */
export function parse(text: string, most: number): { value?: number; typed?: string } {
  const trimmed = text.trim();
  if (trimmed === "") return {};
  const value = /^\d+$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  return value <= most ? { value } : { typed: text };
}

export interface QuestionForm {
  /** Not told: the nurse has not yet said whether she asks. */
  wanted?: "ask" | "none";
  receiver: string;
  priority: AssessmentPriority;
  text: string;
}

/** The contract's value for routine, without loading the contract. */
const ROUTINE: AssessmentPriority = 1;

export function newForm(wound: string, now: Date, id: () => string): FormRecord {
  return {
    visitId: id(),
    wound,
    startedAt: now.toISOString(),
    visitTime: now.toISOString(),
    findings: nothing,
    typed: {},
    photos: [],
    question: { receiver: "", priority: ROUTINE, text: "" },
    requestIds: { create: id(), complete: id(), ask: id() },
  };
}

/** What a visit usually has and this one does not yet; `blocking`: without it the server would refuse the visit. */
export interface Missing {
  what:
    | "photos"
    | "size"
    | "tissue"
    | "exudate"
    | "question"
    | "questionText"
    | "receiver"
    | "reply"
    | "tissueSum"
    | "visitTime"
    | "numbers"
    | "clock";
  blocking: boolean;
}

export function missing(form: FormRecord, now: Date): Missing[] {
  const { findings, question, more } = form;
  const kept = form.photos.filter((photo) => photo.state !== "sealing");
  const asks = !more && question.wanted === "ask";
  const time = Date.parse(form.visitTime);
  const found: [boolean, Missing["what"], boolean][] = [
    [kept.length === 0, "photos", false],
    [findings.lengthMm === undefined || findings.widthMm === undefined, "size", false],
    [Object.keys(form.typed).length > 0, "numbers", true],
    [findings.tissue.length === 0, "tissue", false],
    [tissueSum(findings) > 100, "tissueSum", true],
    [findings.exudateAmount === undefined, "exudate", false],
    [findings.undermining.some((one) => one.lengthMm < 1), "clock", true],
    [!more && question.wanted === undefined, "question", true],
    [asks && question.text.trim() === "", "questionText", true],
    [asks && question.receiver === "", "receiver", true],
    [more !== undefined && more.reply.trim() === "" && kept.length === 0, "reply", false],
    [Number.isNaN(time) || time > now.getTime() + CLOCK_SLACK_MS, "visitTime", true],
  ];
  return found.filter(([is]) => is).map(([, what, blocking]) => ({ what, blocking }));
}

/** A visit is not in the future; a clock may be a little off. */
const CLOCK_SLACK_MS = 5 * 60_000;

export function tissueSum(findings: Findings): number {
  return findings.tissue.reduce((sum, share) => sum + share.percent, 0);
}

/** Whether the nurse has put anything in yet. */
export function isUntouched(form: FormRecord): boolean {
  const { findings, question, photos, more, typed } = form;
  const same = JSON.stringify([findings, typed]) === JSON.stringify([nothing, {}]);
  return same && photos.length === 0 && !question.wanted && !question.text && !more?.reply;
}

/** The visit that the form becomes. */
export function toVisit(form: FormRecord, title: string, now: Date): VisitRecord {
  const { question, more } = form;
  return {
    id: form.visitId,
    wound: form.wound,
    title,
    visitTime: form.visitTime,
    finishedAt: now.toISOString(),
    findings: form.findings,
    photos: form.photos.filter((photo) => photo.state !== "sealing"),
    ...(!more &&
      question.wanted === "ask" && {
        question: {
          requestId: form.requestIds.ask,
          receiver: question.receiver,
          priority: question.priority,
          text: question.text.trim(),
        },
      }),
    ...(more && { more: { ...more, requestId: form.requestIds.ask, supplied: false } }),
    createRequestId: form.requestIds.create,
    completeRequestId: form.requestIds.complete,
    recorded: false,
    completed: false,
  };
}
