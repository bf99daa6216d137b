/**
 * What a nurse's organisation has in hand: its open wounds, whose they are, and of each the last visit and the questions. It is what
 * the start page shows, and what is taken along to where there is no coverage.
 */
import { fromJson, type JsonValue, toJson } from "@bufbuild/protobuf";
import { patientOf, woundOf } from "../../api/names";
import { type Citizen, CitizenSchema } from "../../gen/samspil/directory/v1/directory_pb";
import { type Assessment, AssessmentSchema, AssessmentState } from "../../gen/samspil/wound/v1/assessment_pb";
import { type Flag, FlagSchema, FlagState } from "../../gen/samspil/wound/v1/flag_pb";
import { type Visit, VisitSchema } from "../../gen/samspil/wound/v1/visit_pb";
import { type Wound, WoundSchema, WoundState } from "../../gen/samspil/wound/v1/wound_pb";
import type { WoundUpdate } from "../../gen/samspil/wound/v1/wound_service_pb";

/** What is known of one wound besides itself. */
export interface Course {
  /** The last visit, if there was one. */
  visit: Visit | undefined;
  /** Its questions, the newest first. Second opinions are between hospitals and no part of it. */
  assessments: Assessment[];
}

export interface Caseload {
  /** When it was last known to be right, milliseconds. */
  at: number;
  /** How far the stream of changes has been followed. */
  cursor: string;
  citizens: ReadonlyMap<string, Citizen>;
  /** Open wounds by name, the newest first. */
  wounds: ReadonlyMap<string, Wound>;
  /** By the wound's name; none for a wound that has not been asked about yet. */
  courses: ReadonlyMap<string, Course>;
  /** Flags that stand, by name. */
  flags: ReadonlyMap<string, Flag>;
  /** Assessments with an answer that came while nobody had it open here. */
  unopened: ReadonlySet<string>;
}

export const nothing: Caseload = {
  at: 0,
  cursor: "",
  citizens: new Map(),
  wounds: new Map(),
  courses: new Map(),
  flags: new Map(),
  unopened: new Set(),
};

/** What the server says is open now. Whatever else was kept is let go: a wound is closed, or a consent was withdrawn. */
export function settled(
  before: Caseload,
  now: { wounds: Wound[]; citizens: Citizen[]; flags: Flag[]; at: number },
): Caseload {
  const wounds = new Map(now.wounds.map((wound) => [wound.name, wound]));
  return {
    ...before,
    at: now.at,
    wounds,
    citizens: new Map(now.citizens.map((citizen) => [citizen.name, citizen])),
    flags: new Map(now.flags.filter(stands).map((flag) => [flag.name, flag])),
    courses: new Map([...before.courses].filter(([name]) => wounds.has(name))),
    unopened: new Set([...before.unopened].filter((name) => wounds.has(woundOf(name)))),
  };
}

/** One wound's course, read anew. */
export function learnt(
  before: Caseload,
  wound: string,
  visits: Visit[],
  assessments: Assessment[],
): Caseload {
  if (!before.wounds.has(wound)) return before;
  const course = { visit: newest(visits), assessments: assessments.filter(firstOpinion) };
  return { ...before, courses: new Map(before.courses).set(wound, course) };
}

/** A wound, read anew. Unless it is open it is not in hand any more. */
export function withWound(before: Caseload, wound: Wound): Caseload {
  const wounds = new Map(before.wounds);
  if (wound.state === WoundState.OPEN) wounds.set(wound.name, wound);
  else wounds.delete(wound.name);
  return { ...before, wounds };
}

/** A citizen whom one may not see any more, with everything about them. */
export function forgotten(before: Caseload, patient: string): Caseload {
  const others = <V>(map: ReadonlyMap<string, V>) =>
    new Map([...map].filter(([name]) => patientOf(name) !== patient));
  return {
    ...before,
    citizens: others(before.citizens),
    wounds: others(before.wounds),
    courses: others(before.courses),
    flags: others(before.flags),
    unopened: new Set([...before.unopened].filter((name) => patientOf(name) !== patient)),
  };
}

/** What the stream told. `stranger`: it is about a wound that is not known here, so that the list has to be read anew. */
export function told(before: Caseload, update: WoundUpdate): { after: Caseload; stranger: boolean } {
  const after = { ...before, cursor: update.cursor };
  const { resource } = update;
  if (!resource.case) return { after, stranger: false };
  const name = woundOf(update.subject);
  if (resource.case === "wound") {
    const isNew = !before.wounds.has(name) && resource.value.state === WoundState.OPEN;
    return { after: withWound(after, resource.value), stranger: isNew };
  }
  if (!before.wounds.has(name)) return { after, stranger: true };
  if (resource.case === "flag") {
    const flags = new Map(before.flags);
    if (stands(resource.value)) flags.set(resource.value.name, resource.value);
    else flags.delete(resource.value.name);
    return { after: { ...after, flags }, stranger: false };
  }
  const course = before.courses.get(name);
  if (!course) return { after, stranger: false };
  const courses = new Map(before.courses);
  if (resource.case === "visit") {
    courses.set(name, {
      ...course,
      visit: newest(course.visit ? [course.visit, resource.value] : [resource.value]),
    });
  }
  if (resource.case === "assessment" && firstOpinion(resource.value)) {
    const others = course.assessments.filter((one) => one.name !== resource.value.name);
    courses.set(name, { ...course, assessments: [resource.value, ...others].sort(newestFirst) });
  }
  return { after: { ...after, courses }, stranger: false };
}

const ANSWERS = ["samspil.wound.v1.AssessmentAnswered", "samspil.wound.v1.AnswerAmended"];

/** The assessment whose answer an update brings to an organisation that asked; nothing for any other update. */
export function arrived(update: WoundUpdate, organisation: string): Assessment | undefined {
  if (update.resource.case !== "assessment" || !ANSWERS.includes(update.type)) return undefined;
  const assessment = update.resource.value;
  return firstOpinion(assessment) && assessment.requestedBy?.organisation === organisation
    ? assessment
    : undefined;
}

/** Whether an answer still has to be read by the organisation that asked. */
export function isUnread(assessment: Assessment, unopened: ReadonlySet<string>): boolean {
  return assessment.state === AssessmentState.ANSWERED || unopened.has(assessment.name);
}

const stands = (flag: Flag) => flag.state === FlagState.RAISED || flag.state === FlagState.ACKNOWLEDGED;
const firstOpinion = (assessment: Assessment) => assessment.secondOpinionOf === "";
const seconds = (time: { seconds: bigint } | undefined) => time?.seconds ?? 0n;
const newestFirst = (a: Assessment, b: Assessment) => Number(seconds(b.createTime) - seconds(a.createTime));

function newest(visits: Visit[]): Visit | undefined {
  return visits.reduce<Visit | undefined>(
    (last, one) => (last && seconds(last.visitTime) > seconds(one.visitTime) ? last : one),
    undefined,
  );
}

/** As JSON, to be sealed. */
export function pack(caseload: Caseload): JsonValue {
  return {
    at: caseload.at,
    cursor: caseload.cursor,
    citizens: [...caseload.citizens.values()].map((one) => toJson(CitizenSchema, one)),
    wounds: [...caseload.wounds.values()].map((one) => toJson(WoundSchema, one)),
    flags: [...caseload.flags.values()].map((one) => toJson(FlagSchema, one)),
    courses: [...caseload.courses].map(([wound, course]) => ({
      wound,
      visit: course.visit ? toJson(VisitSchema, course.visit) : null,
      assessments: course.assessments.map((one) => toJson(AssessmentSchema, one)),
    })),
    unopened: [...caseload.unopened],
  };
}

interface Packed {
  at: number;
  cursor: string;
  citizens: JsonValue[];
  wounds: JsonValue[];
  flags: JsonValue[];
  courses: { wound: string; visit: JsonValue; assessments: JsonValue[] }[];
  unopened: string[];
}

/** Back from JSON. Throws on what an older version wrote otherwise. */
export function unpack(json: unknown): Caseload {
  const packed = json as Packed;
  const lenient = { ignoreUnknownFields: true };
  const named = <T extends { name: string }>(all: T[]) => new Map(all.map((one) => [one.name, one]));
  return {
    at: packed.at,
    cursor: packed.cursor,
    citizens: named(packed.citizens.map((one) => fromJson(CitizenSchema, one, lenient))),
    wounds: named(packed.wounds.map((one) => fromJson(WoundSchema, one, lenient))),
    flags: named(packed.flags.map((one) => fromJson(FlagSchema, one, lenient))),
    courses: new Map(
      packed.courses.map(({ wound, visit, assessments }) => [
        wound,
        {
          visit: visit ? fromJson(VisitSchema, visit, lenient) : undefined,
          assessments: assessments.map((one) => fromJson(AssessmentSchema, one, lenient)),
        },
      ]),
    ),
    unopened: new Set(packed.unopened),
  };
}
