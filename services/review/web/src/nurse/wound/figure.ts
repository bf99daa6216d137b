/** The figure that a place is shown on, of blocks that are large enough for a thumb. Units of its width, 200. */
import { Laterality } from "../../gen/samspil/wound/v1/wound_pb";
import type { Region } from "./bodySites";

export interface Part {
  region: Region;
  /** As the figure is seen; unspecified for a part in the middle. */
  side: Laterality;
  x: number;
  y: number;
  width: number;
  height: number;
}

export const FIGURE = { width: 200, height: 490 };

type Block = [region: Region, x: number, y: number, width: number, height: number];

const limbs: Block[] = [
  ["upperArm", 26, 88, 30, 62],
  ["elbow", 24, 152, 30, 28],
  ["forearm", 20, 182, 30, 52],
  ["hand", 14, 236, 34, 36],
  ["thigh", 60, 240, 38, 74],
  ["knee", 62, 316, 35, 30],
  ["lowerLeg", 63, 348, 33, 66],
  ["ankle", 64, 416, 31, 30],
  ["foot", 56, 448, 40, 38],
];

const middle: Record<"front" | "back", Block[]> = {
  front: [
    ["head", 72, 0, 56, 58],
    ["neck", 84, 60, 32, 26],
    ["chest", 58, 88, 84, 62],
    ["abdomen", 58, 152, 84, 52],
    ["groin", 86, 206, 28, 32],
  ],
  back: [
    ["head", 72, 0, 56, 58],
    ["neck", 84, 60, 32, 26],
    ["upperBack", 58, 88, 84, 62],
    ["lowerBack", 58, 152, 84, 38],
    ["seat", 58, 192, 84, 46],
  ],
};

const hip: Block = ["hip", 58, 206, 26, 32];

/** The parts of one view. Seen from the front, the figure's right side is on the left. */
export function partsOf(view: "front" | "back"): Part[] {
  const here = view === "front" ? Laterality.RIGHT : Laterality.LEFT;
  const there = view === "front" ? Laterality.LEFT : Laterality.RIGHT;
  const pairs = view === "front" ? [hip, ...limbs] : limbs;
  const part = ([region, x, y, width, height]: Block, side: Laterality): Part => ({
    region,
    side,
    x,
    y,
    width,
    height,
  });
  const mirrored = ([region, x, y, width, height]: Block): Block => [
    region,
    FIGURE.width - x - width,
    y,
    width,
    height,
  ];
  return [
    ...middle[view].map((block) => part(block, Laterality.UNSPECIFIED)),
    ...pairs.flatMap((block) => [part(block, here), part(mirrored(block), there)]),
  ];
}
