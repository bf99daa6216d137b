/** What a call that failed tells a person, and what a program can act on. */
import { Code, ConnectError } from "@connectrpc/connect";
import i18next from "i18next";
import { BadRequestSchema, ErrorInfoSchema } from "../gen/google/rpc/error_details_pb";

/** A failed call, taken apart. */
export interface Problem {
  code: Code;
  /** A reason of docs/errors.md, or empty when the call never got there. */
  reason: string;
  metadata: Record<string, string>;
  /** Fields of the request that are wrong, by their path in the contract. */
  fields: Record<string, string>;
  /** For a person, in the language of the page. */
  text: string;
}

/** Takes any error apart. What is not from a call is a fault of this program, and is told as such. */
export function problem(error: unknown): Problem {
  const failed = ConnectError.from(error);
  const info = failed.findDetails(ErrorInfoSchema)[0];
  const bad = failed.findDetails(BadRequestSchema)[0];
  const fields = Object.fromEntries((bad?.fieldViolations ?? []).map((one) => [one.field, one.description]));
  const reason = info?.reason ?? "";
  return {
    code: failed.code,
    reason,
    metadata: info?.metadata ?? {},
    fields,
    text: told(reason, failed.code, error instanceof Error ? error.name : undefined),
  };
}

/** Whether the server could not be reached, or not for now: trying again later may help. */
export function isUnreachable(error: unknown): boolean {
  const { code, reason } = problem(error);
  if (reason) return code === Code.Unavailable || reason === "OVERLOADED";
  // A fetch that failed has no gRPC status at all: Connect calls that UNKNOWN or UNAVAILABLE.
  return [Code.Unavailable, Code.DeadlineExceeded, Code.Unknown].includes(code);
}

/** Whether nobody is signed in for the server, whatever this page thinks. */
export function isUnauthenticated(error: unknown): boolean {
  return ConnectError.from(error).code === Code.Unauthenticated;
}

/** Whether a call was given up by this page itself. */
export function isCanceled(error: unknown): boolean {
  return ConnectError.from(error).code === Code.Canceled;
}

/** For a person: what a reason, or else a code, says. */
export function told(reason: string, code: Code, name: string = Code[code]): string {
  const known = reason && i18next.exists(`reasons:${reason}`);
  if (known) return i18next.t(`reasons:${reason}` as never);
  if (isUnreachableCode(code) && !reason) return i18next.t("app:error.unreachable");
  return i18next.t("app:error.unexpected", { detail: reason || name });
}

function isUnreachableCode(code: Code): boolean {
  return [Code.Unavailable, Code.DeadlineExceeded, Code.Unknown].includes(code);
}
