/** Room in the device for what has to wait there. */

/** Below this much room a photo or two may not fit any more. */
const LITTLE = 100 << 20;

/** Whether something failed because the device has no room left for this page. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && error.name === "QuotaExceededError";
}

/** Asks the browser not to clear away what waits here when it wants room for itself. It may say no. */
export async function keepForGood(): Promise<boolean> {
  return (await navigator.storage?.persist?.()) ?? false;
}

/** Whether there is so little room that a photo may not fit. */
export async function isScarce(): Promise<boolean> {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  return quota !== undefined && usage !== undefined && quota - usage < LITTLE;
}
