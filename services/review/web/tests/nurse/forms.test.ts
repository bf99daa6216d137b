import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { ErrorInfoSchema } from "../../src/gen/google/rpc/error_details_pb";
import {
  ConsentSchema,
  ConsentState,
  OrganisationKind,
  OrganisationSchema,
} from "../../src/gen/samspil/directory/v1/directory_pb";
import { Laterality, WoundState, WoundType } from "../../src/gen/samspil/wound/v1/wound_pb";
import { accessOf } from "../../src/nurse/patient/access";
import { consentFaults, givenAt, offered, today } from "../../src/nurse/patient/consentForm";
import { bodySites, searchSites, sitesIn } from "../../src/nurse/wound/bodySites";
import { partsOf } from "../../src/nurse/wound/figure";
import { emptyWound, inSamePlace, withSite, woundFaults } from "../../src/nurse/wound/woundForm";
import { OWN, wound, woundName } from "./make";

const HEEL = "84607009";

describe("a new wound", () => {
  const good = { ...emptyWound, code: HEEL, side: Laterality.LEFT, type: WoundType.TS6_PRESSURE };

  test("needs a place, a side where there are two, and a type", () => {
    expect(woundFaults(emptyWound, "2026-11-22")).toEqual({ code: "site", type: "type" });
    expect(woundFaults({ ...good, side: Laterality.UNSPECIFIED }, "2026-11-22")).toEqual({ side: "side" });
    expect(woundFaults({ ...good, side: Laterality.MIDLINE }, "2026-11-22")).toEqual({ side: "side" });
    expect(woundFaults(good, "2026-11-22")).toEqual({});
  });

  test("did not begin tomorrow", () => {
    expect(woundFaults({ ...good, onset: "2026-11-23" }, "2026-11-22")).toEqual({ onset: "future" });
    expect(woundFaults({ ...good, onset: "2026-11-22" }, "2026-11-22")).toEqual({});
  });

  test("lets go of a side that the place does not have", () => {
    const navel = withSite(good, "315003");
    expect(navel.side).toBe(Laterality.UNSPECIFIED);
    expect(navel.region).toBe("abdomen");
  });

  test("is told from one in the same place", () => {
    const there = wound(woundName(1), { bodySite: { code: HEEL }, laterality: Laterality.LEFT });
    const closed = wound(woundName(1, 2), {
      bodySite: { code: HEEL },
      laterality: Laterality.LEFT,
      state: WoundState.CLOSED,
    });
    expect(inSamePlace(good, [closed, there])).toBe(there);
    expect(inSamePlace({ ...good, side: Laterality.RIGHT }, [there])).toBeUndefined();
  });
});

describe("the places", () => {
  test("have each code once, and each can be pressed on the figure", () => {
    expect(new Set(bodySites.map(({ code }) => code)).size).toBe(bodySites.length);
    for (const site of bodySites) {
      const views = (["front", "back"] as const).filter((view) => sitesIn(site.region, view).includes(site));
      expect(views.length, site.en).toBeGreaterThan(0);
      const shown = views.some((view) => partsOf(view).some(({ region }) => region === site.region));
      expect(shown, site.en).toBe(true);
    }
  });

  test("leave no part of the figure without one", () => {
    for (const view of ["front", "back"] as const) {
      for (const { region } of partsOf(view)) expect(sitesIn(region, view), region).not.toEqual([]);
    }
  });

  test("are found in either language", () => {
    expect(searchSites("hæl").map(({ code }) => code)).toContain(HEEL);
    expect(searchSites("heel inner").map(({ code }) => code)).toEqual(["699919007"]);
    expect(searchSites("albatros")).toEqual([]);
  });

  test("have the figure's right side on the left from the front, and on the right from behind", () => {
    const leftmost = (view: "front" | "back") =>
      partsOf(view)
        .filter(({ region }) => region === "hand")
        .sort((a, b) => a.x - b.x)[0]?.side;
    expect(leftmost("front")).toBe(Laterality.RIGHT);
    expect(leftmost("back")).toBe(Laterality.LEFT);
  });
});

describe("a consent", () => {
  test("says where the paper is and when it was signed", () => {
    const form = { others: [], document: " ", date: "" };
    expect(consentFaults(form, "2026-11-22")).toEqual({ document: "document", date: "date" });
    const tomorrow = { others: [], document: "sag 1", date: "2026-11-23" };
    expect(consentFaults(tomorrow, "2026-11-22")).toEqual({ date: "future" });
    expect(consentFaults({ ...tomorrow, date: "2026-11-22" }, "2026-11-22")).toEqual({});
  });

  test("is never given in the future", () => {
    const early = new Date("2026-11-22T05:00:00Z");
    expect(givenAt("2026-11-22", early)).toBe(early);
    expect(givenAt("2026-11-21", early).toISOString()).toBe("2026-11-21T11:00:00.000Z");
  });

  test("follows the day in Denmark", () => {
    expect(today(new Date("2026-11-22T23:30:00Z"))).toBe("2026-11-23");
  });

  test("offers hospitals first, then the practices of the municipality, and never the own organisation", () => {
    const organisation = (n: number, kind: OrganisationKind, municipalityCode = "") =>
      create(OrganisationSchema, { name: `organisations/${n}`, displayName: `${n}`, kind, municipalityCode });
    const all = [
      organisation(1, OrganisationKind.MUNICIPALITY, "0766"),
      organisation(2, OrganisationKind.GENERAL_PRACTICE, "0615"),
      organisation(3, OrganisationKind.GENERAL_PRACTICE, "0766"),
      organisation(4, OrganisationKind.HOSPITAL),
    ];
    const names = offered(all, "organisations/1", "0766").map(({ organisations }) =>
      organisations.map(({ displayName }) => displayName),
    );
    expect(names).toEqual([["4"], ["3", "2"]]);
  });
});

describe("access", () => {
  const consent = (state: ConsentState, organisation = OWN) =>
    create(ConsentSchema, { state, organisations: [organisation] });
  const said = <T>(data?: T, error?: unknown) => ({ data, error });
  const denied = new ConnectError("no", Code.PermissionDenied, undefined, [
    { desc: ErrorInfoSchema, value: { reason: "NO_RELATION" } },
  ]);
  const away = new ConnectError("away", Code.Unavailable);

  test("is given by a consent that stands and covers the organisation", () => {
    expect(accessOf(said({}), said([consent(ConsentState.GIVEN)]), said([]), OWN)).toBe("covered");
    expect(accessOf(said({}), said([consent(ConsentState.WITHDRAWN)]), said([]), OWN)).toBe("uncovered");
    expect(accessOf(said({}), said([consent(ConsentState.GIVEN, "x")]), said([]), OWN)).toBe("uncovered");
  });

  test("ends with the wounds' refusal, whatever was read before", () => {
    expect(accessOf(said({}), said([consent(ConsentState.GIVEN)]), said([wound("w")], denied), OWN)).toBe(
      "uncovered",
    );
    expect(accessOf(said(null), said(), said([wound("w")]), OWN)).toBe("none");
    expect(accessOf(said({}), said(undefined, denied), said([wound("w")]), OWN)).toBe("none");
  });

  test("is as it was taken along while there is no network", () => {
    expect(accessOf(said({}), said(undefined, away), said([wound("w")], away), OWN)).toBe("covered");
    expect(accessOf(said({}), said(undefined, away), said(undefined, away), OWN)).toBe("unknown");
  });
});
