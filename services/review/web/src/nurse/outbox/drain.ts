/** All visits, one after the other, the oldest first. */
import { bring } from "./bring";
import type { World } from "./ports";
import type { VisitRecord } from "./record";
import { retryAt, type Stop, stopOf, troubleOf } from "./trouble";

export interface Drained {
  /** What stopped it before the end. */
  stop?: Stop;
  /** When there is something to do again; never, for all that is known, when it is infinite. */
  again: number;
}

export async function drain(world: World, visits: readonly VisitRecord[]): Promise<Drained> {
  let again = Number.POSITIVE_INFINITY;
  for (const { id, trouble } of visits) {
    const rest = trouble ? retryAt(trouble) : 0;
    if (rest > world.now()) {
      again = Math.min(again, rest);
      continue;
    }
    try {
      const arrival = await bring(world, id);
      if (arrival.at === "pause") again = Math.min(again, arrival.until);
    } catch (error) {
      const stop = stopOf(error);
      if (stop) return { stop, again };
      const found = troubleOf(error, world.now());
      await world.store.change(id, (record) => {
        record.trouble = found;
      });
      again = Math.min(again, retryAt(found));
    }
  }
  return { again };
}
