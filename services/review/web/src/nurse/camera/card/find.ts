/** Whether a marker card lies in the picture. Only for the hint while aiming: the server finds it anew, and measures by what it finds. */
import { AR } from "js-aruco2";
import { codes } from "./codes";

/** A card that is read with more wrong modules than this is another one, or none. */
const MOST_WRONG = 2;

AR.DICTIONARIES.CARDS = { nBits: 36, tau: 11, codeList: codes };
const detector = new AR.Detector({ dictionaryName: "CARDS", maxHammingDistance: MOST_WRONG + 1 });

/** The number of a card in a picture of RGBA pixels; nothing when there is none. */
export function findCard({
  width,
  height,
  data,
}: Pick<ImageData, "width" | "height" | "data">): number | undefined {
  return detector.detectImage(width, height, data)[0]?.id;
}
