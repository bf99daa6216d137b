/**
 * A finished visit on its way to the server, as it is sealed in the device, and what is next for it.
 *
 * Each step reads from the record what is to be done, does it, and writes what came of it. Nothing else is remembered, so that a crash
 * between any two lines leads to the same step with the same request.
 */
import type { AssessmentPriority } from "../../gen/samspil/wound/v1/assessment_pb";
import type { Findings } from "./findings";

/** A visit and how far it has come. Every `…RequestId` is made once, with the visit. */
export interface VisitRecord {
  id: string;
  /** `patients/{patient}/wounds/{wound}`. */
  wound: string;
  /** Whose wound, for the nurse alone. */
  title: string;
  /** ISO times. */
  visitTime: string;
  finishedAt: string;
  findings: Findings;
  photos: PhotoRecord[];
  question?: Question;
  more?: More;
  createRequestId: string;
  completeRequestId: string;
  recorded: boolean;
  completed: boolean;
  /** Why the last attempt came no further. */
  trouble?: Trouble;
}

export interface Question {
  requestId: string;
  /** `organisations/{sor}`. */
  receiver: string;
  priority: AssessmentPriority;
  text: string;
  /** Its name, once it is asked. */
  assessment?: string;
}

/** What a specialist had asked for. */
export interface More {
  requestId: string;
  assessment: string;
  reply: string;
  supplied: boolean;
}

export interface Warning {
  code: string;
  adviceDa: string;
  adviceEn: string;
}

export interface PhotoRecord {
  id: string;
  size: number;
  type: string;
  sha256: string;
  capturedAt: string;
  /** What the nurse was told when she took it, and took it all the same. */
  known: string[];
  announceRequestId: string;
  /** Announced by CreateVisit, not by a call of its own. */
  withVisit: boolean;
  announced: boolean;
  /** `sealing`: its bytes are not all in the vault yet. */
  state: "sealing" | "waiting" | "stored" | "refused" | "withdrawn";
  /** Where the wound has the same bytes already: this is what is sent there. */
  elsewhere?: string;
  refusal?: string;
  withdraw?: { requestId: string; reason: string };
  storedAt?: string;
  /** The verdict is here, or has been waited for long enough. */
  judged?: boolean;
  warnings?: Warning[];
  /** The nurse has seen the warnings and goes on, or has taken another. */
  accepted?: boolean;
}

export interface Trouble {
  code: number;
  reason: string;
  at: string;
}

export type Step =
  | { do: "record" | "decide" | "complete" | "ask" | "supply" | "file" }
  | { do: "withdraw" | "announce" | "upload" | "judge"; photo: PhotoRecord }
  /** A person or a moment is awaited. */
  | { do: "look"; until: number };

/** As long as the nurse may still be there to take another photo: then the visit goes on as it is. */
export const LOOK_MS = 10 * 60_000;
/** A photo that is not sealed by then was cut off by a crash. */
export const SEALING_MS = 2 * 60_000;

/** What is next. */
export function next(record: VisitRecord, now: number): Step {
  if (!record.recorded) return { do: "record" };
  if (!record.completed) return nextOfPhotos(record.photos, now) ?? { do: "complete" };
  if (record.question && !record.question.assessment) return { do: "ask" };
  if (record.more && !record.more.supplied) return { do: "supply" };
  return lateOnes(record.photos) ?? { do: "file" };
}

/** Photos that were taken while the visit was being completed: they came too late, and go only when the nurse says so. */
function lateOnes(photos: PhotoRecord[]): Step | undefined {
  const sealing = photos.find((photo) => photo.state === "sealing");
  if (sealing) return { do: "look", until: Date.parse(sealing.capturedAt) + SEALING_MS };
  return photos.some((photo) => photo.state === "refused" && !photo.withdraw) ? { do: "decide" } : undefined;
}

/** What the server would say to another photo of a complete visit. */
export const TOO_LATE = "VISIT_COMPLETE";

function nextOfPhotos(photos: PhotoRecord[], now: number): Step | undefined {
  for (const photo of photos) {
    if (photo.state === "sealing") return { do: "look", until: Date.parse(photo.capturedAt) + SEALING_MS };
    if (photo.withdraw && photo.state !== "withdrawn" && photo.state !== "stored")
      return { do: "withdraw", photo };
    if (photo.state !== "waiting") continue;
    if (!photo.announced && !photo.elsewhere) return { do: "announce", photo };
    return { do: "upload", photo };
  }
  if (photos.some((photo) => photo.state === "refused")) return { do: "decide" };
  const unjudged = photos.find((photo) => photo.state === "stored" && !photo.judged);
  if (unjudged) return { do: "judge", photo: unjudged };
  const until = Math.max(0, ...photos.filter(isNews).map(lookUntil));
  return until > now ? { do: "look", until } : undefined;
}

/** Of the warnings of several photos each only once. */
export function eachOnce<W extends Warning>(warnings: readonly W[]): W[] {
  return [...new Map(warnings.map((one) => [one.code, one])).values()];
}

/** It has warnings that the nurse does not know of. */
export function isNews(photo: PhotoRecord): boolean {
  if (photo.state !== "stored" || photo.accepted) return false;
  return (photo.warnings ?? []).some((warning) => !photo.known.includes(warning.code));
}

function lookUntil(photo: PhotoRecord): number {
  return Date.parse(photo.storedAt ?? photo.capturedAt) + LOOK_MS;
}

/** The photo's own place, or the one where the wound has its bytes. */
export function photoName(record: VisitRecord, photo: PhotoRecord): string {
  return photo.elsewhere ?? `${visitName(record)}/photos/${photo.id}`;
}

export function visitName(record: VisitRecord): string {
  return `${record.wound}/visits/${record.id}`;
}
