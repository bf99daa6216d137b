/** What a failed call means for a visit on its way. */
import { Code, ConnectError } from "@connectrpc/connect";
import { isUnauthenticated, isUnreachable, problem } from "../../api/errors";
import type { Trouble } from "./record";

/** The photo's bytes cannot be read from this device any more. A reason of this page's own. */
export const LOST_HERE = "PHOTO_LOST_HERE";

export class LostHere extends Error {}

/** What stops everything, since it would stop every visit: there is no way through, or nobody is signed in. */
export type Stop = "unreachable" | "signIn";

export function stopOf(error: unknown): Stop | undefined {
  // What is not from a call is a fault of this page, not of the link.
  if (!(error instanceof ConnectError)) return undefined;
  if (isUnauthenticated(error)) return "signIn";
  return isUnreachable(error) ? "unreachable" : undefined;
}

/** The codes with which the server says that this will never do. Anything else may do later. */
const FINAL = new Set([Code.InvalidArgument, Code.FailedPrecondition, Code.OutOfRange]);

/** Why a photo itself is refused, as opposed to trouble on the way; nothing for such trouble. */
export function refusalOf(error: unknown): string | undefined {
  if (error instanceof LostHere) return LOST_HERE;
  const { code, reason } = problem(error);
  if (reason === "UPLOAD_OFFSET") return undefined;
  return FINAL.has(code) || reason === "UPLOAD_NOT_YOURS" ? reason || Code[code] : undefined;
}

export function troubleOf(error: unknown, now: number): Trouble {
  const { code, reason } = problem(error);
  const fault = error instanceof Error && !(error instanceof ConnectError) ? error.name : "";
  return { code, reason: reason || fault, at: new Date(now).toISOString() };
}

/** When a visit in trouble is tried again by itself: soon, unless the server was clear that it will not do as things are. */
export function retryAt(trouble: Trouble): number {
  const settled = FINAL.has(trouble.code) || SETTLED.has(trouble.code);
  return Date.parse(trouble.at) + (settled ? 15 : 1) * 60_000;
}

const SETTLED = new Set([Code.PermissionDenied, Code.NotFound, Code.AlreadyExists, Code.Unimplemented]);
