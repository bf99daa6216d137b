/** An answer while it is being written: plain data, which can be kept anywhere. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Answer, AnswerSchema } from "../../gen/samspil/wound/v1/assessment_pb";
import type { AnswerDraft, AnswerDraftSchema } from "../../gen/samspil/wound/v1/draft_pb";

export interface Diagnosis {
  system: string;
  code: string;
  display: string;
}

export interface Line {
  /** What the line is known by while it is moved about. Of this page alone. */
  id: string;
  text: string;
  /** 0 when there is no such time. */
  dueDays: number;
}

export interface Draft {
  diagnosis: Diagnosis | null;
  findings: string;
  plan: readonly Line[];
  nextPhotoDays: number;
  callIn: boolean;
  amendReason: string;
}

/** As the contract counts when nothing is told. */
export const NEXT_PHOTO_DAYS = 14;
/** As many lines as the contract takes. */
export const MOST_LINES = 20;

export const emptyDraft: Draft = {
  diagnosis: null,
  findings: "",
  plan: [],
  nextPhotoDays: NEXT_PHOTO_DAYS,
  callIn: false,
  amendReason: "",
};

type Content = Pick<AnswerDraft, "findings" | "nextPhotoDays" | "callIn"> & {
  diagnosis?: Diagnosis | undefined;
  plan: readonly { text: string; dueDays: number }[];
};

function fromContent(
  { diagnosis, findings, plan, nextPhotoDays, callIn }: Content,
  amendReason: string,
): Draft {
  return {
    diagnosis: diagnosis
      ? { system: diagnosis.system, code: diagnosis.code, display: diagnosis.display }
      : null,
    findings,
    plan: plan.map(({ text, dueDays }) => newLine(text, dueDays)),
    nextPhotoDays: nextPhotoDays || NEXT_PHOTO_DAYS,
    callIn,
    amendReason,
  };
}

export function fromWire(draft: AnswerDraft): Draft {
  return fromContent(draft, draft.amendReason);
}

/** A signed answer, to be made better. */
export function fromAnswer(answer: Answer): Draft {
  return fromContent(answer, "");
}

export function toWire(draft: Draft): MessageInitShape<typeof AnswerDraftSchema> {
  return {
    findings: draft.findings,
    plan: draft.plan.map(({ text, dueDays }) => ({ text, dueDays })),
    nextPhotoDays: draft.nextPhotoDays,
    callIn: draft.callIn,
    amendReason: draft.amendReason,
    ...(draft.diagnosis && { diagnosis: draft.diagnosis }),
  };
}

/** What is to be signed: without the blanks around texts and without lines that say nothing. */
export function toAnswer(draft: Draft): MessageInitShape<typeof AnswerSchema> {
  return {
    findings: draft.findings.trim(),
    plan: said(draft.plan).map(({ text, dueDays }) => ({ text: text.trim(), dueDays })),
    nextPhotoDays: draft.nextPhotoDays,
    callIn: draft.callIn,
    ...(draft.diagnosis && { diagnosis: draft.diagnosis }),
  };
}

/** The lines that say something. */
export function said(plan: readonly Line[]): Line[] {
  return plan.filter((line) => line.text.trim() !== "");
}

/** Whether two say the same, however their lines are known. */
export function isSame(a: Draft, b: Draft): boolean {
  const content = (draft: Draft) =>
    JSON.stringify([draft.diagnosis?.code ?? "", toWire({ ...draft, diagnosis: null })]);
  return content(a) === content(b);
}

export function isEmpty(draft: Draft): boolean {
  return isSame({ ...draft, plan: said(draft.plan) }, emptyDraft);
}

/** Whether a draft says just what was signed. */
export function isSigned(draft: Draft, answer: Answer): boolean {
  const trimmed = {
    ...draft,
    findings: draft.findings.trim(),
    plan: said(draft.plan).map((line) => ({ ...line, text: line.text.trim() })),
    amendReason: draft.amendReason.trim(),
  };
  return isSame(trimmed, { ...fromAnswer(answer), amendReason: answer.amendReason });
}

/** Everything that was typed, for taking it elsewhere. */
export function asText(draft: Draft): string {
  const lines = draft.plan.map((line) => `- ${line.text}${line.dueDays ? ` (${line.dueDays})` : ""}`);
  const parts = [draft.diagnosis?.display ?? "", draft.findings, lines.join("\n"), draft.amendReason];
  return parts.filter(Boolean).join("\n\n");
}

export function newLine(text = "", dueDays = 0): Line {
  return { id: crypto.randomUUID(), text, dueDays };
}

export function removeLine(plan: readonly Line[], id: string): Line[] {
  return plan.filter((line) => line.id !== id);
}

export function changeLine(plan: readonly Line[], id: string, change: Partial<Omit<Line, "id">>): Line[] {
  return plan.map((line) => (line.id === id ? { ...line, ...change } : line));
}

/** Moves a line up (-1) or down (1). At the end it stays. */
export function moveLine(plan: readonly Line[], id: string, by: -1 | 1): Line[] {
  const moved = [...plan];
  const from = moved.findIndex((line) => line.id === id);
  const [line] = moved.splice(from, from < 0 ? 0 : 1);
  if (line) moved.splice(Math.max(0, Math.min(from + by, plan.length - 1)), 0, line);
  return moved;
}

/** Puts a text block into a line: into the last one when that is still empty. */
export function insertLine(plan: readonly Line[], text: string, dueDays: number): Line[] {
  const last = plan.at(-1);
  if (last && last.text.trim() === "") return changeLine(plan, last.id, { text, dueDays });
  return plan.length < MOST_LINES ? [...plan, newLine(text, dueDays)] : [...plan];
}

/** Puts a text block behind what was typed, on a line of its own. */
export function append(text: string, block: string): string {
  return text.trim() === "" ? block : `${text.trimEnd()}\n${block}`;
}

/** The fields that a draft still needs before it can be signed. */
export function missing(draft: Draft, amending: boolean): ("findings" | "amendReason")[] {
  const needed: ("findings" | "amendReason")[] = [];
  if (draft.findings.trim() === "") needed.push("findings");
  if (amending && draft.amendReason.trim() === "") needed.push("amendReason");
  return needed;
}
