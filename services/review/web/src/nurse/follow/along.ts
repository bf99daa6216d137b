/**
 * What the nurse takes along: the caseload, kept up to date while there is a network, and sealed in this device for when there is none.
 * One stream serves every page of hers. Signing out removes it.
 */
import { useEffect, useSyncExternalStore } from "react";
import { problem } from "../../api/errors";
import { patientOf, woundOf } from "../../api/names";
import { queries } from "../../api/queries";
import { watch } from "../../api/watch";
import { wounds as service } from "../../api/wounds";
import { queryClient } from "../../app/query";
import type { Citizen } from "../../gen/samspil/directory/v1/directory_pb";
import type { Findings } from "../../gen/samspil/wound/v1/visit_pb";
import type { Wound } from "../../gen/samspil/wound/v1/wound_pb";
import type { WoundUpdate } from "../../gen/samspil/wound/v1/wound_service_pb";
import { usePerson } from "../../session/session";
import { vault } from "../../session/vault";
import { announce } from "./announce";
import {
  arrived,
  type Caseload,
  type Course,
  forgotten,
  learnt,
  nothing,
  pack,
  settled,
  told,
  unpack,
  withWound,
} from "./caseload";
import { readCaseload, readCourse } from "./reading";
import { households } from "./tasks";

export interface Along {
  caseload: Caseload;
  /** What the device had has been looked at. */
  ready: boolean;
  /** There is something to show: from the server, or from the device. */
  known: boolean;
  /** Why what is shown may be old. Nothing while it is kept up to date. */
  error: unknown;
}

const KIND = "along";
const ID = "caseload";
const EVERY_WOUND = "patients/-/wounds/-";
/** Changes of one moment are sealed together. */
const SEAL_AFTER_MS = 1_000;
/** Withdrawn consents are told by no stream. */
const REFRESH_EVERY_MS = 5 * 60_000;
/** How many wounds are asked about at a time. */
const AT_A_TIME = 4;
/** A page that follows another one goes on with its stream. */
const LINGER_MS = 3_000;

let current: Along = { caseload: nothing, ready: false, known: false, error: undefined };
let opening: Promise<void> | undefined;
const listeners = new Set<() => void>();

function become(next: Partial<Along>): void {
  current = { ...current, ...next };
  for (const listener of listeners) listener();
  if (next.caseload) sealSoon();
}

let sealing: ReturnType<typeof setTimeout> | undefined;
function sealSoon(): void {
  if (sealing) return;
  sealing = setTimeout(() => {
    sealing = undefined;
    // Locked: somebody has signed out meanwhile, and nothing may be left behind.
    if (vault.isOpen()) vault.sealJson(KIND, ID, pack(current.caseload)).catch((error) => become({ error }));
  }, SEAL_AFTER_MS);
}

/** What was taken along before, once for each start of the page. */
function opened(): Promise<void> {
  opening ??= vault
    .openJson(KIND, ID)
    .then((packed) => {
      if (packed && !current.known) become({ caseload: unpack(packed), known: true });
    })
    // What cannot be read is from another version of this page; the server has it all.
    .catch(() => vault.remove(KIND, ID))
    .finally(() => become({ ready: true }));
  return opening;
}

let retry: () => void = () => {};

/** Asks the server anew, because a person wants to. */
export const refreshAlong = () => retry();

/** Follows what the organisation has in hand, until told to stop. */
async function follow(organisation: string, signal: AbortSignal): Promise<void> {
  await opened();
  if (signal.aborted) return;
  const follower = new Follower(organisation);
  retry = () => void follower.refresh();
  const refresh = retry;
  const timer = setInterval(refresh, REFRESH_EVERY_MS);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  refresh();
  await watch<WoundUpdate>(
    {
      from: current.caseload.cursor,
      open: (cursor, inner) =>
        service.watchWounds({ name: EVERY_WOUND, cursor }, { signal: inner, timeoutMs: 0 }),
      take: (update) => follower.take(update),
      refresh,
      lost: refresh,
      // An answer is announced to somebody who is not looking, too.
      evenHidden: true,
    },
    signal,
  );
}

/** Brings lists and stream together, so that neither undoes what the other told. */
class Follower {
  readonly #organisation: string;
  #refreshing: Promise<void> | undefined;
  #again = false;
  /** Told while the lists were on their way. They may be older. */
  #meanwhile: WoundUpdate[] = [];
  /** Wounds that are being asked about, and whether something changed since. */
  readonly #asking = new Map<string, boolean>();

  constructor(organisation: string) {
    this.#organisation = organisation;
  }

  /** Reads everything anew. One at a time; asked for in the middle of it, once more after it. */
  refresh(): Promise<void> {
    if (this.#refreshing) {
      this.#again = true;
      return this.#refreshing;
    }
    this.#refreshing = this.#read()
      .then(
        () => become({ error: undefined }),
        (error) => become({ error }),
      )
      .finally(() => {
        this.#refreshing = undefined;
        if (this.#again && !current.error) void this.refresh();
        this.#again = false;
      });
    return this.#refreshing;
  }

  async #read(): Promise<void> {
    this.#meanwhile = [];
    const now = await readCaseload();
    become({
      caseload: settled(current.caseload, { ...now, at: Date.now() }),
      known: true,
      error: undefined,
    });
    for (const update of this.#meanwhile) this.#apply(update);
    // Those whose photos are due first: whoever goes out now takes them along.
    const all = households(current.caseload, this.#organisation).flatMap(({ wounds }) =>
      wounds.map(({ wound }) => wound.name),
    );
    const unknown = all.filter((name) => !current.caseload.courses.has(name));
    const ask = async () => {
      for (let name = unknown.shift(); name; name = unknown.shift()) await this.#ask(name);
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, ask));
  }

  async #ask(wound: string): Promise<void> {
    do {
      this.#asking.set(wound, false);
      try {
        const { visits, assessments } = await readCourse(wound);
        become({ caseload: learnt(current.caseload, wound, visits, assessments) });
      } catch (error) {
        this.#asking.delete(wound);
        if (problem(error).reason === "NO_RELATION") return forget(patientOf(wound));
        throw error;
      }
    } while (this.#asking.get(wound));
    this.#asking.delete(wound);
  }

  take(update: WoundUpdate): void {
    if (this.#refreshing) this.#meanwhile.push(update);
    const wound = update.subject && woundOf(update.subject);
    if (this.#asking.has(wound)) this.#asking.set(wound, true);
    this.#apply(update);
    // Visits and answers move the clock on the next photos, of which the wound tells no change of its own.
    if (update.resource.case === "visit" || update.resource.case === "assessment")
      void this.#readWound(wound);
    if (wound) showAnew(wound);
    const answered = arrived(update, this.#organisation);
    if (answered) {
      const unopened = new Set(current.caseload.unopened).add(answered.name);
      become({ caseload: { ...current.caseload, unopened } });
      announce();
    }
    if (current.error) void this.refresh();
  }

  async #readWound(name: string): Promise<void> {
    try {
      const wound = await service.getWound({ name });
      become({ caseload: withWound(current.caseload, wound) });
    } catch {
      // Whatever stood in the way, reading everything anew tells it.
      void this.refresh();
    }
  }

  #apply(update: WoundUpdate): void {
    const { after, stranger } = told(current.caseload, update);
    become({ caseload: { ...after, at: Date.now() } });
    if (stranger) void this.refresh();
  }
}

/** Pages that are open read what changed. */
function showAnew(wound: string): void {
  const of = patientOf(wound);
  for (const kind of ["wound", "assessments", "visits", "lastVisit", "messages", "flags"]) {
    void queryClient.invalidateQueries({ queryKey: [kind, wound] });
  }
  void queryClient.invalidateQueries({ queryKey: ["wounds", of] });
}

/** A citizen whom one may not see any more: nothing stays, here or in the device. */
export function forget(patient: string): void {
  become({ caseload: forgotten(current.caseload, patient) });
  queryClient.removeQueries({
    type: "inactive",
    predicate: ({ queryKey }) => typeof queryKey[1] === "string" && patientOf(queryKey[1]) === patient,
  });
}

/** Somebody has an answer in front of them. */
export function markOpened(assessment: string): void {
  if (!current.caseload.unopened.has(assessment)) return;
  const unopened = new Set(current.caseload.unopened);
  unopened.delete(assessment);
  become({ caseload: { ...current.caseload, unopened } });
}

let users = 0;
let following: AbortController | undefined;
let leaving: ReturnType<typeof setTimeout> | undefined;

function start(organisation: string): () => void {
  users += 1;
  clearTimeout(leaving);
  if (!following) {
    following = new AbortController();
    follow(organisation, following.signal).catch((error) => become({ error }));
  }
  return () => {
    users -= 1;
    if (users > 0) return;
    leaving = setTimeout(() => {
      following?.abort();
      following = undefined;
    }, LINGER_MS);
  };
}

/** The caseload, kept up to date while the component is there. */
export function useAlong(): Along {
  const { organisation } = usePerson();
  useEffect(() => start(`organisations/${organisation}`), [organisation]);
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

/** What is known here of a wound, also without a network. */
export async function takenWound(
  wound: string,
): Promise<{ wound: Wound; citizen: Citizen | undefined; course: Course | undefined; at: Date } | undefined> {
  await opened();
  const { wounds, citizens, courses, at } = current.caseload;
  const found = wounds.get(wound);
  if (!found) return undefined;
  return {
    wound: found,
    citizen: citizens.get(patientOf(wound)),
    course: courses.get(wound),
    at: new Date(at),
  };
}

/**
 * Lets pages that ask the server about a wound begin with what was taken along. It counts as old, so that they ask all the same, and
 * keep it where there is no answer.
 */
export async function beginWithTaken(name: string): Promise<void> {
  const taken = await takenWound(name);
  if (!taken) return;
  const { wound, citizen, course } = taken;
  const begin = (key: readonly unknown[], data: unknown) => {
    if (data === undefined || queryClient.getQueryData(key) !== undefined) return;
    queryClient.setQueryData(key, data, { updatedAt: 1 });
  };
  begin(queries.wound(name).queryKey, wound);
  begin(queries.citizen(patientOf(name)).queryKey, citizen);
  begin(queries.assessments(name).queryKey, course?.assessments);
  begin(queries.visits(name).queryKey, course?.visit && [course.visit]);
}

/** What was seen at the last visit to a wound, also without a network. */
export async function lastFindings(wound: string): Promise<{ findings: Findings; time: Date } | undefined> {
  const visit = (await takenWound(wound))?.course?.visit;
  if (!visit?.findings || !visit.visitTime) return undefined;
  return { findings: visit.findings, time: new Date(Number(visit.visitTime.seconds) * 1000) };
}
