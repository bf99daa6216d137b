/** A photo that was taken, looked at before the nurse keeps it. */
import { type BadFile, look } from "./files";
import { type Fault, faults, lumaOf, measure, WORKING_PIXELS } from "./measure";
import { digest, type Taken } from "./photo";

export type Judged = { taken: Taken; faults: Fault[] } | { bad: BadFile | "undecodable" };

/** What is wrong with it, or the photo with what could be better. */
export async function judge(blob: Blob, capturedAt: Date): Promise<Judged> {
  const looked = await look(blob);
  if ("bad" in looked) return looked;
  const found = await faultsOf(blob);
  if (!found) return { bad: "undecodable" };
  const sha256 = await digest(blob);
  const taken = { blob, type: looked.type, sha256, capturedAt: capturedAt.toISOString(), known: found };
  return { taken, faults: found };
}

/** Nothing when the browser cannot read it: then the server cannot either. */
async function faultsOf(blob: Blob): Promise<Fault[] | undefined> {
  const picture = await createImageBitmap(blob).catch(() => undefined);
  if (!picture) return undefined;
  const pixels = picture.width * picture.height;
  const scale = Math.min(1, Math.sqrt(WORKING_PIXELS / pixels));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("no canvas");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, width, height);
  picture.close();
  return faults(measure(lumaOf(pen.getImageData(0, 0, width, height))), pixels / 1e6);
}
