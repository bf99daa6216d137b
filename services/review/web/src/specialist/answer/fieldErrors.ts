/** The server's violations, at the fields of the form. */
import { type Draft, said } from "./draft";

export interface FieldErrors {
  diagnosis?: string;
  findings?: string;
  nextPhotoDays?: string;
  amendReason?: string;
  /** By the line's place in the form. */
  plan: Record<number, string>;
  /** What has no field here. */
  other: string[];
}

/** Sorts violations by field. `draft` is what was sent: lines that say nothing were left out then. */
export function fieldErrors(fields: Record<string, string>, draft: Draft): FieldErrors {
  const errors: FieldErrors = { plan: {}, other: [] };
  const lines = said(draft.plan);
  for (const [path, text] of Object.entries(fields)) {
    const field = path.replace(/^answer\./, "");
    const line = /^plan\[(\d+)\]/.exec(field)?.[1];
    if (line !== undefined) {
      const wrong = lines[Number(line)];
      if (wrong) errors.plan[draft.plan.indexOf(wrong)] = text;
      else errors.other.push(text);
    } else if (field.startsWith("diagnosis")) errors.diagnosis = text;
    else if (field === "findings") errors.findings = text;
    else if (field === "next_photo_days") errors.nextPhotoDays = text;
    else if (field === "reason") errors.amendReason = text;
    else errors.other.push(`${path}: ${text}`);
  }
  return errors;
}
