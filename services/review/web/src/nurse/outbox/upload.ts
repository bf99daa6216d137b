/** One photo's bytes on their way, from where the server stands. */
import { Code, ConnectError } from "@connectrpc/connect";
import { type Photo, PhotoState } from "../../gen/samspil/wound/v1/photo_pb";
import type { World } from "./ports";
import type { PhotoRecord } from "./record";

const SMALLEST = 64 << 10;
/** By the contract. */
const LARGEST = 1 << 20;
/** What a chunk should take: long enough to be worth a call, short enough to lose little by a break. */
const WANTED_MS = 2_000;
/** A chunk on the slowest link that can still be used. */
const PATIENCE_MS = 60_000;
/** Answers in a row that bring nothing forward. */
const STUCK = 3;

/** The next chunk's size, after one of a size took so long. */
export function paced(size: number, tookMs: number): number {
  const ideal = (size * WANTED_MS) / Math.max(tookMs, 1);
  // No more than twice or half as large at once: one odd moment says little about a link.
  const near = Math.min(Math.max(ideal, size / 2), size * 2);
  return Math.round(Math.min(Math.max(near, SMALLEST), LARGEST));
}

/** Sends what is missing. Gives the photo once the server has an end to it: stored, refused or withdrawn. */
export async function upload(world: World, name: string, photo: PhotoRecord): Promise<Photo> {
  const { api, store } = world;
  const stands = await api.getUpload({ name });
  if (stands.state !== PhotoState.ANNOUNCED) return await api.getPhoto({ name });
  let offset = Number(stands.committedBytes);
  for (let stuck = 0; stuck < STUCK; ) {
    world.progress(photo.id, offset);
    // All bytes are there and yet no photo: the last ones said again let the server finish.
    const from = offset < photo.size ? offset : Math.max(0, photo.size - SMALLEST);
    const data = await store.bytes(photo, from, world.pace.chunk);
    const began = world.now();
    const answer = await api.appendPhoto({ name, offset: BigInt(from), data }, { timeoutMs: PATIENCE_MS });
    if (data.length === world.pace.chunk) world.pace.chunk = paced(data.length, world.now() - began);
    if (answer.photo) {
      world.progress(photo.id, photo.size);
      return answer.photo;
    }
    const committed = Number(answer.committedBytes);
    stuck = committed > offset ? 0 : stuck + 1;
    offset = committed;
  }
  throw new ConnectError("the upload does not come forward", Code.Unavailable);
}
