/** When a claim is to be renewed. */

/** A claim with less than this left is renewed when its holder works on. */
const RENEW_BELOW_MS = 20 * 60_000;
/** What did not work is not tried again at every key. */
const BETWEEN_TRIES_MS = 60_000;
/** With less than this left the holder is warned. */
const WARN_BELOW_MS = 5 * 60_000;

/** Whether somebody who works on now needs more time. */
export function wantsRenewal(until: Date, now: Date, lastTry: Date | undefined): boolean {
  const left = until.getTime() - now.getTime();
  const rested = !lastTry || now.getTime() - lastTry.getTime() >= BETWEEN_TRIES_MS;
  return left < RENEW_BELOW_MS && rested;
}

/** Whether the end is near. */
export function isShort(until: Date, now: Date): boolean {
  return until.getTime() - now.getTime() < WARN_BELOW_MS;
}

/** `29:07`; nothing below zero. */
export function clockText(until: Date, now: Date): string {
  const seconds = Math.max(0, Math.ceil((until.getTime() - now.getTime()) / 1000));
  return `${Math.trunc(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
