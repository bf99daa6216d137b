/** Tells somebody who is not looking that an answer is there. Neither a name nor anything about anybody's health is in it. */
import i18next from "i18next";

/** Whether this device can tell, may tell, or could be asked. */
export function permission(): NotificationPermission | "unsupported" {
  return typeof Notification === "undefined" ? "unsupported" : Notification.permission;
}

/** Asks the person, once they want it. */
export async function askPermission(): Promise<void> {
  await Notification.requestPermission();
}

/** An answer has come. */
export function announce(): void {
  navigator.vibrate?.([120, 80, 120]);
  if (permission() !== "granted" || document.visibilityState === "visible") return;
  void show(i18next.t("nurse:arrival.notification"));
}

/** Phones show notifications through the service worker alone, other browsers without one too. */
async function show(text: string): Promise<void> {
  const options = { tag: "samspil-answer", icon: "/icon.svg" };
  const worker = await navigator.serviceWorker?.getRegistration();
  if (worker) await worker.showNotification(text, options);
  else new Notification(text, options);
}
