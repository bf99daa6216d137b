/** One visit's way to the server, step by step, as far as it goes. */
import { problem } from "../../api/errors";
import { type Photo, PhotoState } from "../../gen/samspil/wound/v1/photo_pb";
import { VisitState } from "../../gen/samspil/wound/v1/visit_pb";
import type { World } from "./ports";
import {
  next,
  type PhotoRecord,
  photoName,
  type Step,
  TOO_LATE,
  type VisitRecord,
  visitName,
} from "./record";
import { announcedWith, announcement, ask, createVisit } from "./requests";
import { refusalOf } from "./trouble";
import { upload } from "./upload";

/** Where it came to: it has arrived, a person has to decide, or nothing is to be done before a time. */
export type Arrival = { at: "end" } | { at: "decision" } | { at: "pause"; until: number };

/** How long the verdict on a photo is waited for before the visit goes on without, and how often it is asked for. */
const VERDICT_MS = 20_000;
const VERDICT_EVERY_MS = 1_000;

export async function bring(world: World, id: string): Promise<Arrival> {
  for (;;) {
    const record = await world.store.read(id);
    if (!record) return { at: "end" };
    const step = next(record, world.now());
    if (step.do === "decide") return { at: "decision" };
    if (step.do === "look") {
      if (step.until > world.now()) return { at: "pause", until: step.until };
      await dropUnsealed(world, id);
    } else {
      await take(world, record, step);
      if (step.do === "file") return { at: "end" };
    }
  }
}

async function take(
  world: World,
  record: VisitRecord,
  step: Exclude<Step, { do: "look" | "decide" }>,
): Promise<void> {
  switch (step.do) {
    case "record":
      return await recordVisit(world, record);
    case "withdraw":
      return await withdraw(world, record, step.photo);
    case "announce":
      return await announce(world, record, step.photo);
    case "upload":
      return await send(world, record, step.photo);
    case "judge":
      return await judge(world, record, step.photo);
    case "complete":
      return await complete(world, record);
    case "ask":
      return await question(world, record);
    case "supply":
      return await supply(world, record);
    case "file":
      return await world.store.file(record, new Date(world.now()));
  }
}

async function recordVisit(world: World, record: VisitRecord): Promise<void> {
  try {
    await world.api.createVisit(createVisit(record));
  } catch (error) {
    const { reason, metadata } = problem(error);
    if (reason === "PHOTO_ALREADY_ANNOUNCED")
      return await leaveOut(world, record, metadata.photo, metadata.field);
    // Its id was made here and nowhere else, so this is the visit, told long ago.
    if (reason !== "VISIT_EXISTS") throw error;
    await world.api.getVisit({ name: visitName(record) });
  }
  await change(world, record.id, (now) => {
    now.recorded = true;
    for (const photo of announcedWith(now)) photo.announced = true;
  });
}

/** The wound has a photo's bytes already: the visit is told without it, which is another request. */
async function leaveOut(world: World, record: VisitRecord, existing = "", field = ""): Promise<void> {
  const index = Number(/photos\[(\d+)\]/.exec(field)?.[1] ?? Number.NaN);
  const doubled = announcedWith(record)[index];
  if (!doubled) throw new Error(`the server names no photo of this visit: ${field}`);
  const there = await world.api.getPhoto({ name: existing });
  await change(world, record.id, (now) => {
    now.createRequestId = world.id();
    foundElsewhere(now, doubled.id, there);
  });
}

function foundElsewhere(record: VisitRecord, id: string, there: Photo): void {
  const photo = record.photos.find((one) => one.id === id);
  if (!photo) return;
  photo.withVisit = false;
  photo.announced = false;
  photo.elsewhere = there.name;
  settle(photo, there, Date.parse(record.visitTime));
}

async function announce(world: World, record: VisitRecord, photo: PhotoRecord): Promise<void> {
  try {
    await world.api.announcePhoto({
      parent: visitName(record),
      photo: announcement(photo),
      requestId: photo.announceRequestId,
    });
    await changePhoto(world, record.id, photo.id, (now) => {
      now.announced = true;
    });
  } catch (error) {
    const { reason, metadata } = problem(error);
    if (reason === "PHOTO_ID_TAKEN") {
      await changePhoto(world, record.id, photo.id, (now) => {
        now.announced = true;
      });
    } else if (reason === "PHOTO_ALREADY_ANNOUNCED" && metadata.photo) {
      const there = await world.api.getPhoto({ name: metadata.photo });
      await change(world, record.id, (now) => foundElsewhere(now, photo.id, there));
    } else {
      await refusedOr(world, record, photo, error);
    }
  }
}

async function send(world: World, record: VisitRecord, photo: PhotoRecord): Promise<void> {
  try {
    const there = await upload(world, photoName(record, photo), photo);
    await changePhoto(world, record.id, photo.id, (now) => settle(now, there, world.now()));
  } catch (error) {
    await refusedOr(world, record, photo, error);
  }
}

/** Notes what the server says of a photo. */
function settle(photo: PhotoRecord, there: Photo, at: number): void {
  if (there.state === PhotoState.STORED) {
    photo.state = "stored";
    photo.storedAt ??= new Date(at).toISOString();
    weigh(photo, there);
  } else if (there.state === PhotoState.REFUSED) {
    photo.state = "refused";
    photo.refusal = there.refusalReason;
  } else if (there.state === PhotoState.WITHDRAWN) {
    photo.state = "withdrawn";
  }
}

function weigh(photo: PhotoRecord, there: Photo): void {
  if (!there.quality) return;
  photo.judged = true;
  photo.warnings = there.quality.warnings.map(({ code, adviceDa, adviceEn }) => ({
    code,
    adviceDa,
    adviceEn,
  }));
}

/** Notes a refusal that is about the photo itself; gives on any other error. */
async function refusedOr(
  world: World,
  record: VisitRecord,
  photo: PhotoRecord,
  error: unknown,
): Promise<void> {
  const refusal = refusalOf(error);
  if (!refusal) throw error;
  await changePhoto(world, record.id, photo.id, (now) => {
    now.state = "refused";
    now.refusal = refusal;
  });
}

async function withdraw(world: World, record: VisitRecord, photo: PhotoRecord): Promise<void> {
  const name = photoName(record, photo);
  // What stands at another visit is not this one's to take back.
  if (photo.announced && photo.withdraw && !photo.elsewhere) {
    try {
      await world.api.withdrawPhoto({ name, ...photo.withdraw });
    } catch (error) {
      // All bytes may have come before it could be taken back, or another device was first.
      const there = await world.api.getPhoto({ name });
      if (there.state !== PhotoState.STORED && there.state !== PhotoState.WITHDRAWN) throw error;
      return await changePhoto(world, record.id, photo.id, (now) => settle(now, there, world.now()));
    }
  }
  await changePhoto(world, record.id, photo.id, (now) => {
    now.state = "withdrawn";
  });
}

async function judge(world: World, record: VisitRecord, photo: PhotoRecord): Promise<void> {
  const until = Date.parse(photo.storedAt ?? "") + VERDICT_MS;
  const there = await world.api.getPhoto({ name: photoName(record, photo) });
  const late = !(world.now() < until);
  if (!there.quality && !late) return await world.sleep(VERDICT_EVERY_MS);
  await changePhoto(world, record.id, photo.id, (now) => {
    weigh(now, there);
    now.judged = true;
  });
}

async function complete(world: World, record: VisitRecord): Promise<void> {
  try {
    await world.api.completeVisit({ name: visitName(record), requestId: record.completeRequestId });
  } catch (error) {
    if (problem(error).reason !== "VISIT_COMPLETE") throw error;
    const there = await world.api.getVisit({ name: visitName(record) });
    if (there.state !== VisitState.COMPLETE) throw error;
  }
  await change(world, record.id, (now) => {
    now.completed = true;
    for (const photo of now.photos.filter((one) => one.state === "waiting")) {
      Object.assign(photo, { state: "refused", refusal: TOO_LATE });
    }
  });
}

async function question(world: World, record: VisitRecord): Promise<void> {
  if (!record.question) return;
  const { name } = await world.api.requestAssessment(ask(record, record.question));
  await change(world, record.id, (now) => {
    if (now.question) now.question.assessment = name;
  });
}

async function supply(world: World, record: VisitRecord): Promise<void> {
  if (!record.more) return;
  const { assessment, reply, requestId } = record.more;
  await world.api.supplyMore({ name: assessment, reply, visit: visitName(record), requestId });
  await change(world, record.id, (now) => {
    if (now.more) now.more.supplied = true;
  });
}

/** A crash cut their sealing off: there is nothing to send. */
async function dropUnsealed(world: World, id: string): Promise<void> {
  await change(world, id, (now) => {
    now.photos = now.photos.filter((photo) => photo.state !== "sealing");
  });
}

/** A step forward: whatever was in the way before is not any more. */
async function change(world: World, id: string, change: (record: VisitRecord) => void): Promise<void> {
  await world.store.change(id, (record) => {
    delete record.trouble;
    change(record);
  });
}

function changePhoto(
  world: World,
  id: string,
  photoId: string,
  set: (photo: PhotoRecord) => void,
): Promise<void> {
  return change(world, id, (record) => {
    const photo = record.photos.find((one) => one.id === photoId);
    if (photo) set(photo);
  });
}
