/** Whether the own organisation may see a citizen's wounds, by what the server said. */
import { problem } from "../../api/errors";
import { type Consent, ConsentState } from "../../gen/samspil/directory/v1/directory_pb";

export type Access =
  /** Still being asked. */
  | "unknown"
  /** A consent stands that covers the organisation. */
  | "covered"
  /** None does: the wounds are not for this screen. */
  | "uncovered"
  /** Not even the citizen is. */
  | "none";

/** What a read of something said, as far as it matters here. */
interface Said<T> {
  data: T | undefined;
  error: unknown;
}

export function accessOf(
  citizen: Said<unknown>,
  consents: Said<readonly Consent[]>,
  wounds: Said<readonly unknown[]>,
  organisation: string,
): Access {
  if (citizen.data === null || isDenied(citizen.error)) return "none";
  if (isDenied(consents.error)) return "none";
  // The wounds' own refusal is newer than a list of consents that was read before.
  if (isDenied(wounds.error)) return "uncovered";
  if (consents.data) return covers(consents.data, organisation) ? "covered" : "uncovered";
  // Without a network: what was taken along, was covered when it was.
  return wounds.data ? "covered" : "unknown";
}

export function covers(consents: readonly Consent[], organisation: string): boolean {
  return consents.some((one) => one.state === ConsentState.GIVEN && one.organisations.includes(organisation));
}

function isDenied(error: unknown): boolean {
  return Boolean(error) && problem(error).reason === "NO_RELATION";
}
