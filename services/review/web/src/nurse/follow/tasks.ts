/** What a nurse has to do about a wound, the most pressing first. */
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { patientOf, woundOf } from "../../api/names";
import { ClockStage, ClockState } from "../../gen/samspil/common/v1/clock_pb";
import { type Citizen, Presence } from "../../gen/samspil/directory/v1/directory_pb";
import { type Assessment, AssessmentState } from "../../gen/samspil/wound/v1/assessment_pb";
import { type Flag, FlagKind, FlagState } from "../../gen/samspil/wound/v1/flag_pb";
import type { Visit } from "../../gen/samspil/wound/v1/visit_pb";
import type { Wound } from "../../gen/samspil/wound/v1/wound_pb";
import { type Caseload, isUnread } from "./caseload";

export type Task =
  | { kind: "callIn" | "answer" | "more"; assessment: Assessment; time: Timestamp | undefined }
  | { kind: "photosOverdue" | "photosToday" | "photosSoon"; time: Timestamp | undefined }
  | { kind: "flag"; flag: Flag; time: Timestamp | undefined }
  | { kind: "waiting"; assessment: Assessment; time: Timestamp | undefined };

/** In the order of how pressing they are. */
const ORDER: Task["kind"][] = [
  "callIn",
  "answer",
  "more",
  "photosOverdue",
  "flag",
  "photosToday",
  "photosSoon",
  "waiting",
];
/** From here on nobody has to do anything today. */
const CALM = ORDER.indexOf("photosSoon");

/** Told by the clock on the photos or by the question itself already. */
const ELSEWHERE = [FlagKind.NO_PHOTO, FlagKind.PATIENT_ADMITTED, FlagKind.PATIENT_DECEASED];

/** What has come of a wound, and who looks at it: others' answers and photos are for others to do something about. */
export interface Situation {
  wound: Wound;
  assessments: readonly Assessment[];
  flags: Iterable<Flag>;
  unopened: ReadonlySet<string>;
  /** `organisations/{sor}`. */
  organisation: string;
}

export function tasksOf({ wound, assessments, flags, unopened, organisation }: Situation): Task[] {
  const found: Task[] = [];
  for (const assessment of assessments) {
    const answer = assessment.answers.at(-1);
    const asked = assessment.requestedBy?.organisation === organisation;
    if (answer && asked && isUnread(assessment, unopened)) {
      found.push({ kind: answer.callIn ? "callIn" : "answer", assessment, time: answer.signTime });
    } else if (asked && assessment.state === AssessmentState.AWAITING_MORE) {
      found.push({ kind: "more", assessment, time: assessment.moreRequests.at(-1)?.askTime });
    } else if ([AssessmentState.REQUESTED, AssessmentState.CLAIMED].includes(assessment.state)) {
      found.push({ kind: "waiting", assessment, time: assessment.clock?.dueTime });
    }
  }
  const photos = wound.owner === organisation ? photosTask(wound) : undefined;
  if (photos) found.push(photos);
  for (const flag of flags) {
    if (flag.state === FlagState.RAISED && !ELSEWHERE.includes(flag.kind)) {
      found.push({ kind: "flag", flag, time: flag.raiseTime });
    }
  }
  return found.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || earlier(a.time, b.time));
}

function photosTask(wound: Wound): Task | undefined {
  const clock = wound.photoClock;
  if (clock?.state !== ClockState.RUNNING) return undefined;
  const time = clock.dueTime;
  switch (clock.stage) {
    case ClockStage.OVERDUE:
    case ClockStage.ESCALATED:
      return { kind: "photosOverdue", time };
    case ClockStage.DUE:
      return { kind: "photosToday", time };
    case ClockStage.SOON:
      return { kind: "photosSoon", time };
    default:
      return undefined;
  }
}

/** Whether somebody has to act on it now. */
export function isPressing(task: Task): boolean {
  return ORDER.indexOf(task.kind) < CALM;
}

/** One citizen's open wounds, with what there is to do. */
export interface Household {
  patient: string;
  citizen: Citizen | undefined;
  wounds: { wound: Wound; tasks: Task[]; visit: Visit | undefined }[];
  pressing: boolean;
}

/** Everybody of the caseload: those with something pressing first, then by when the next photos are due. */
export function households(caseload: Caseload, organisation: string): Household[] {
  const flags = new Map<string, Flag[]>();
  for (const flag of caseload.flags.values()) {
    const wound = woundOf(flag.name);
    flags.set(wound, [...(flags.get(wound) ?? []), flag]);
  }
  const found = new Map<string, Household>();
  for (const wound of caseload.wounds.values()) {
    const patient = patientOf(wound.name);
    const household = found.get(patient) ?? {
      patient,
      citizen: caseload.citizens.get(patient),
      wounds: [],
      pressing: false,
    };
    const course = caseload.courses.get(wound.name);
    const tasks = tasksOf({
      wound,
      assessments: course?.assessments ?? [],
      flags: flags.get(wound.name) ?? [],
      unopened: caseload.unopened,
      organisation,
    });
    household.wounds.push({ wound, tasks, visit: course?.visit });
    household.pressing ||= tasks.some(isPressing);
    found.set(patient, household);
  }
  for (const { wounds } of found.values()) wounds.sort((a, b) => byTask(a.tasks, b.tasks));
  return [...found.values()].sort(
    (a, b) =>
      byTask(tasksIn(a), tasksIn(b)) ||
      earlier(nextPhotos(a), nextPhotos(b)) ||
      (a.citizen?.displayName ?? "").localeCompare(b.citizen?.displayName ?? "", "da"),
  );
}

const tasksIn = (household: Household) => household.wounds[0]?.tasks ?? [];
const nextPhotos = (household: Household) =>
  household.wounds.map(({ wound }) => wound.nextPhotoDueTime).sort(earlier)[0];

function byTask(a: Task[], b: Task[]): number {
  const rank = (tasks: Task[]) => (tasks[0] ? ORDER.indexOf(tasks[0].kind) : ORDER.length);
  return rank(a) - rank(b) || earlier(a[0]?.time, b[0]?.time);
}

/** The earlier first; what has no time last. */
function earlier(a: Timestamp | undefined, b: Timestamp | undefined): number {
  if (!a || !b) return Number(!a) - Number(!b);
  return Number(a.seconds - b.seconds) || a.nanos - b.nanos;
}

/** How many answers nobody has read yet. */
export function unreadCount(all: readonly Household[]): number {
  const answers = all.flatMap(({ wounds }) => wounds.flatMap(({ tasks }) => tasks));
  return answers.filter(({ kind }) => kind === "answer" || kind === "callIn").length;
}

/** Whether the list shows somebody for these words: all have to be in what the row says. */
export function matches(household: Household, said: string, words: string): boolean {
  const text = `${household.citizen?.displayName ?? ""} ${household.citizen?.birthDate ?? ""} ${said}`;
  const hay = text.toLocaleLowerCase("da");
  return words
    .toLocaleLowerCase("da")
    .split(/\s+/)
    .every((word) => hay.includes(word));
}

/** Whether somebody is where no municipal nurse comes. */
export function isAway(citizen: Citizen | undefined): boolean {
  return citizen?.presence === Presence.ADMITTED || citizen?.presence === Presence.DECEASED;
}
