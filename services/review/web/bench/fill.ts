/** Much of everything, made over the calls that people make. */
import { randomUUID } from "node:crypto";
import { expect } from "@playwright/test";
import { citizen, daysAgo, photographs, question, visit, wound } from "../e2e/seed";
import type { Site } from "../e2e/site";

/** As many open questions, a hundred to a citizen. */
export async function aQueue(site: Site, length: number): Promise<void> {
  for (let done = 0; done < length; done += 100) {
    const patient = await citizen(site, `Prøve Borger ${done / 100}`);
    const one = async () => {
      const { name } = await wound(site, patient);
      await question(site, await visit(site, name, { photos: [] }), { text: `Spørgsmål ${randomUUID()}` });
    };
    // Ten at a time.
    for (let n = 0; n < 100; n += 10) await Promise.all(Array.from({ length: 10 }, one));
  }
}

/** A wound that was visited so often, with so many photos each time. */
export async function aLongCase(site: Site, visits: number, photos: number): Promise<string> {
  const { name } = await wound(site, await citizen(site));
  const drawn = photographs();
  for (let n = 0; n < visits; n++) {
    const pictures = Array.from({ length: photos }, (_, k) =>
      marked(drawn[(n + k) % drawn.length] as Buffer),
    );
    const made = await visit(site, name, { at: daysAgo(3 * (visits - n)), photos: pictures });
    if (n === visits - 1) await question(site, made);
  }
  // Pictures are made one after the other, the newest last; afterwards the server rests.
  await expect.poll(() => unmade(site, name), { timeout: 120_000 }).toBe(0);
  return name;
}

/** How many of a wound's photos have no pictures yet. */
async function unmade(site: Site, wound: string): Promise<number> {
  const { wounds } = site.as("nurse");
  let [left, pageToken] = [0, ""];
  do {
    const page = await wounds.listVisits({ parent: wound, pageToken });
    left += page.visits.flatMap(({ photos }) => photos).filter(({ quality }) => !quality).length;
    pageToken = page.nextPageToken;
  } while (pageToken);
  return left;
}

/** The same picture as another file: a wound keeps no file twice. A comment behind the first marker does it. */
function marked(jpeg: Buffer): Buffer {
  const text = Buffer.from(randomUUID());
  const comment = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), comment, text, jpeg.subarray(2)]);
}
