/** How things are measured in the browser. */
import { type CDPSession, expect, type Page, type TestInfo } from "@playwright/test";

/** Notes a figure for the report. */
export function figure(info: TestInfo, name: string, value: number, unit: string, goal?: number): void {
  info.annotations.push({ type: "figure", description: JSON.stringify({ name, value, unit, goal }) });
}

/** A phone of the lower half: a processor four times as slow as this one. */
export async function slowProcessor(page: Page): Promise<CDPSession> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  return devtools;
}

/** Slow 3G, as browsers' tools define it: 400 kbit/s each way, 400 ms. */
export async function slowNetwork(devtools: CDPSession): Promise<void> {
  const bytes = (400 * 1000) / 8;
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 400,
    downloadThroughput: bytes,
    uploadThroughput: bytes,
  });
}

/** A page that asks for nothing for so long has what its first view needs. */
const QUIET_MS = 1_500;

/** Bytes of script that come over the wire until a page is quiet, as they come: compressed. */
export async function scriptBytes(page: Page, open: () => Promise<void>): Promise<number> {
  const sizes: Promise<number>[] = [];
  page.on("requestfinished", (request) => {
    if (request.resourceType() === "script")
      sizes.push(request.sizes().then((size) => size.responseBodySize));
  });
  let last = Date.now();
  page.on("request", () => {
    last = Date.now();
  });
  await open();
  // Streams never end, so the network is never idle: quiet is when nothing new has been asked for.
  await expect.poll(() => Date.now() - last, { timeout: 30_000 }).toBeGreaterThan(QUIET_MS);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Begins to note how long each interaction takes until the next frame is painted (Event Timing). */
export async function noteInteractions(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const noted: Record<number, number> = {};
    Object.assign(globalThis, { noted });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { interactionId?: number })[]) {
        const id = entry.interactionId;
        if (id) noted[id] = Math.max(noted[id] ?? 0, entry.duration);
      }
    }).observe({ type: "event", durationThreshold: 16, buffered: false } as PerformanceObserverInit);
  });
  return async () => {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100))));
    return page.evaluate(() =>
      Object.values((globalThis as unknown as { noted: Record<number, number> }).noted),
    );
  };
}

/** A page that had no long task for so long has shown what it was asked for. */
const RESTED_MS = 300;

/** Waits until a page rests, as somebody does who looks at what has come. */
export async function rest(page: Page): Promise<void> {
  await page.evaluate(
    (rested) =>
      new Promise<void>((done) => {
        let waiting = setTimeout(done, rested);
        new PerformanceObserver(() => {
          clearTimeout(waiting);
          waiting = setTimeout(done, rested);
        }).observe({ type: "longtask" });
      }),
    RESTED_MS,
  );
}

/** How long frames take while something happens, in milliseconds. */
export async function frames(page: Page, during: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const times: number[] = [];
    const state = { times, stop: false };
    Object.assign(globalThis, { frameNotes: state });
    let last = performance.now();
    const tick = (now: number) => {
      times.push(now - last);
      last = now;
      if (!state.stop) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await during();
  return page.evaluate(() => {
    const state = (globalThis as unknown as { frameNotes: { times: number[]; stop: boolean } }).frameNotes;
    state.stop = true;
    return state.times;
  });
}

/** The value that so many per cent of the values do not pass; 0 when there are none. */
export function percentile(values: number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}
