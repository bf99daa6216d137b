import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { daysOf, everybody, matches } from "../src/citizen/looks";
import { LATE_MS, merged, newestFirst, type Page, type Source, sources, Trail } from "../src/citizen/trail";
import { type AuditEvent, AuditEventSchema } from "../src/gen/samspil/audit/v1/audit_pb";

const NOON = Date.UTC(2026, 10, 18, 11);

interface Said {
  source?: Source;
  person?: string;
  organisation?: string;
  action?: string;
  outcome?: string;
  basis?: string;
  reason?: string;
}

/** An entry of so many seconds before noon. */
function entry(seconds: number, id: string, said: Said = {}): AuditEvent {
  const { source = "wound", person = "anna", organisation = "organisations/1", ...rest } = said;
  return create(AuditEventSchema, {
    id,
    source,
    time: timestampFromMs(NOON - seconds * 1000),
    who: { person, organisation, displayName: person },
    organisationDisplayName: `The ${organisation}`,
    action: "samspil.wound.v1.WoundService/GetWound",
    outcome: "OK",
    basis: "CONSENT",
    ...rest,
  });
}

/** Lists of all services, some long, some empty, with moments that several share. */
function lists(): Record<Source, AuditEvent[]> {
  const of = (source: Source, count: number, step: number) =>
    Array.from({ length: count }, (_, n) =>
      entry(n * step, `${source}-${String(count - n).padStart(4, "0")}`, { source }),
    ).sort(newestFirst);
  return {
    directory: of("directory", 23, 7),
    referral: [],
    careplan: of("careplan", 1, 500),
    wound: of("wound", 120, 1),
    review: of("review", 40, 5),
  };
}

/** What the services would answer, page by page; `fails` throws in their place. */
function served(
  all: Record<Source, AuditEvent[]>,
  size: number,
  fails?: (source: Source, at: number) => void,
) {
  const asked: string[] = [];
  const page: Page = async (source, token) => {
    asked.push(`${source} ${token}`);
    const at = Number(token || 0);
    fails?.(source, at);
    const auditEvents = all[source].slice(at, at + size);
    return { auditEvents, nextPageToken: at + size < all[source].length ? String(at + size) : "" };
  };
  return { page, asked };
}

const ids = (events: readonly AuditEvent[]) => events.map(({ id }) => id);
const whole = (all: Record<Source, AuditEvent[]>) => ids(Object.values(all).flat().sort(newestFirst));

describe("the trail", () => {
  test.each([3, 7, 50, 1000])("comes in order, whole and once in pages of %i", async (size) => {
    const all = lists();
    const { page, asked } = served(all, size);
    const trail = new Trail(page);
    let before: string[] = [];
    trail.subscribe(() => {
      const now = ids(merged(trail.parts()));
      // What was shown stays where it was: more only ever comes below.
      expect(now.slice(0, before.length)).toEqual(before);
      before = now;
    });
    await trail.begin();
    for (let n = 0; trail.parts().some(({ state }) => state !== "ended"); n++) {
      expect(n).toBeLessThan(400);
      const have = merged(trail.parts()).length;
      await trail.more((shown) => shown.length > have);
    }
    expect(before).toEqual(whole(all));
    expect(new Set(asked).size).toBe(asked.length);
  });

  test("reads no further than it is told to, but for a while where what is wanted is rare", async () => {
    const { page, asked } = served(lists(), 10);
    const trail = new Trail(page);
    await trail.begin();
    expect(asked).toHaveLength(5);
    await trail.more((shown) => shown.length >= 1);
    expect(asked).toHaveLength(5);
    await trail.more(() => false);
    expect(asked).toHaveLength(13);
  });

  test("is told without a service that is away, and goes on from there when it is back", async () => {
    const all = lists();
    let away = true;
    const { page } = served(all, 20, (source, at) => {
      if (away && source === "wound" && at === 40) throw new Error("away");
    });
    const trail = new Trail(page);
    await trail.begin();
    await trail.more((shown) => shown.length >= 1000);
    const state = () => trail.parts().find(({ source }) => source === "wound")?.state;
    expect(state()).toBe("failed");
    const without = { ...all, wound: all.wound.slice(0, 40) };
    expect(ids(merged(trail.parts()))).toEqual(whole(without));
    away = false;
    await trail.retry();
    await trail.more((shown) => shown.length >= 1000);
    expect(state()).toBe("ended");
    expect(ids(merged(trail.parts()))).toEqual(whole(all));
  });

  test("shows nothing where nobody answers", async () => {
    const { page } = served(lists(), 20, () => {
      throw new Error("no network");
    });
    const trail = new Trail(page);
    await trail.begin();
    expect(merged(trail.parts())).toEqual([]);
    expect(trail.parts().map(({ state }) => state)).toEqual(sources.map(() => "failed"));
  });

  test("says nothing more once it was closed", async () => {
    const { page } = served(lists(), 20);
    const trail = new Trail(page);
    const begun = trail.begin();
    let told = 0;
    trail.subscribe(() => {
      told += 1;
    });
    trail.close();
    await begun;
    expect(told).toBe(0);
  });

  describe("of which one list is slow", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    test("is shown without it for the time being, and with it when it comes", async () => {
      const all = lists();
      const { page } = served(all, 1000);
      let answer = () => {};
      const slow = new Promise<void>((resolve) => {
        answer = resolve;
      });
      const trail = new Trail(async (source, ...rest) => {
        if (source === "wound") await slow;
        return page(source, ...rest);
      });
      const begun = trail.begin();
      await vi.advanceTimersByTimeAsync(LATE_MS - 1);
      expect(merged(trail.parts())).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      await begun;
      expect(ids(merged(trail.parts()))).toEqual(whole({ ...all, wound: [] }));
      expect(trail.parts().find(({ state }) => state === "late")?.source).toBe("wound");
      answer();
      await vi.advanceTimersByTimeAsync(0);
      expect(ids(merged(trail.parts()))).toEqual(whole(all));
    });
  });
});

describe("looks", () => {
  test("are what one person did in one go, whatever others did meanwhile", () => {
    const days = daysOf([
      entry(0, "1", { action: "x/B" }),
      entry(10, "2", { person: "bo" }),
      entry(20, "3", { action: "x/A" }),
      entry(30, "4", { action: "x/B" }),
      entry(30 + 1801, "5"),
      entry(86_400, "6"),
    ]);
    expect(days.map(({ looks }) => looks.map(({ events }) => ids(events)))).toEqual([
      [["1", "3", "4"], ["2"], ["5"]],
      [["6"]],
    ]);
    expect(days[0]?.looks[0]?.actions.map(({ event, count }) => [event.action, count])).toEqual([
      ["x/B", 2],
      ["x/A", 1],
    ]);
  });

  test("are kept apart by what they stood on, by refusals and by reasons", () => {
    const events = [
      entry(0, "1"),
      entry(1, "2", { basis: "BREAK_GLASS", reason: "found unconscious" }),
      entry(2, "3", { basis: "BREAK_GLASS", reason: "brought in by ambulance" }),
      entry(3, "4", { outcome: "NO_RELATION", basis: "" }),
    ];
    expect(daysOf(events)[0]?.looks).toHaveLength(4);
  });

  test("are of the day in Denmark", () => {
    // Half past midnight, and half past eleven the evening before.
    const [late, early] = [entry(11.5 * 3600, "1"), entry(12.5 * 3600, "2")];
    expect(daysOf([late, early])).toHaveLength(2);
  });
});

describe("a filter", () => {
  const events = [
    entry(0, "mine", { person: "me", organisation: "" }),
    entry(1, "glass", { basis: "BREAK_GLASS", person: "bo", organisation: "organisations/2" }),
    entry(2, "no", { outcome: "NO_RELATION" }),
    entry(3, "yes"),
  ];
  const shown = (kind: "all" | "emergency" | "refused" | "mine", who = "") =>
    ids(events.filter((one) => matches({ kind, who }, one, "me")));

  test("shows what it says, and oneself apart", () => {
    expect(shown("all")).toEqual(["glass", "no", "yes"]);
    expect(shown("emergency")).toEqual(["glass"]);
    expect(shown("refused")).toEqual(["no"]);
    expect(shown("mine")).toEqual(["mine"]);
    expect(shown("all", "anna")).toEqual(["no", "yes"]);
    expect(shown("all", "organisations/2")).toEqual(["glass"]);
    expect(shown("refused", "bo")).toEqual([]);
  });

  test("offers everybody but oneself once", () => {
    expect(everybody(events, "me").map(({ value }) => value)).toEqual([
      "organisations/1",
      "organisations/2",
      "anna",
      "bo",
    ]);
  });
});
