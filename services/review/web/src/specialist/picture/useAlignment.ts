import { useState } from "react";
import type { Outline } from "../../gen/samspil/wound/v1/outline_pb";
import type { Nudge } from "./AlignPanel";
import { byMarkers, fitted, followed, grown, moved, toScale, turned } from "./align";
import type { Shot } from "./choice";
import { type Similarity, type Size, type Spot, through } from "./geometry";
import type { Lens } from "./lens";
import { pixelsPerMm } from "./measures";

type Side = "a" | "b";
type Pairs = Record<Side, Spot[]>;

const NUDGE_PX = 4;
const GROW = 1.01;

const ways: Partial<Record<Nudge, Spot>> = {
  left: { x: -NUDGE_PX, y: 0 },
  right: { x: NUDGE_PX, y: 0 },
  up: { x: 0, y: -NUDGE_PX },
  down: { x: 0, y: NUDGE_PX },
};

/** How B lies over A, remembered for each pair while the page is open, and the ways to change it. */
export function useAlignment(a: Shot | undefined, b: Shot | undefined, outlines: readonly Outline[]) {
  const [aligned, setAligned] = useState<Record<string, Similarity>>({});
  const [picking, setPicking] = useState<Pairs>();
  const pair = a && b ? `${a.photo.name} ${b.photo.name}` : "";
  const first = a && b ? fitted(sizeOf(a), sizeOf(b)) : undefined;
  const [begun, setBegun] = useState<{ pair: string; map: Similarity | undefined }>({ pair, map: first });
  // The same map for as long as nothing changes, so that the viewers are not laid anew at each render.
  if (begun.pair !== pair) setBegun({ pair, map: first });
  const map = aligned[pair] ?? begun.map;
  const set = (next: Similarity | undefined) => next && setAligned({ ...aligned, [pair]: next });
  const scales = a && b ? scalesOf(a, b, outlines) : undefined;
  const markers = a?.photo.marker && b?.photo.marker && ([a.photo.marker, b.photo.marker] as const);

  return {
    map,
    picking,
    startPicking: (start: boolean) => setPicking(start ? { a: [], b: [] } : undefined),
    reset: () => set(first),
    byMarker: markers && {
      align: () => set(byMarkers(...markers)),
      tilts: { a: markers[0].tiltDegrees, b: markers[1].tiltDegrees },
    },
    sameScale: scales && ((lens: Lens) => map && set(toScale(map, lens.view().centre, ...scales))),
    nudge(nudge: Nudge, lens: Lens): void {
      if (!map) return;
      const { centre } = lens.view();
      const way = ways[nudge];
      if (way) set(moved(map, followed(lens.view(), map), way));
      else if (nudge === "larger" || nudge === "smaller")
        set(grown(map, centre, nudge === "larger" ? GROW : 1 / GROW));
      else set(turned(map, centre, nudge === "turnRight" ? 1 : -1));
    },
    /** Takes a place; with two on either side the photos lie on each other. */
    pick(side: Side, spot: Spot): void {
      if (!picking || picking[side].length === 2) return;
      const next = { ...picking, [side]: [...picking[side], spot] };
      const [a1, a2] = next.a;
      const [b1, b2] = next.b;
      const done = a1 && a2 && b1 && b2;
      if (done) set(through([a1, a2], [b1, b2]));
      setPicking(done ? undefined : next);
    },
  };
}

function sizeOf({ photo: { widthPx, heightPx } }: Shot): Size {
  return { width: widthPx, height: heightPx };
}

function scalesOf(a: Shot, b: Shot, outlines: readonly Outline[]): [number, number] | undefined {
  const [inA, inB] = [pixelsPerMm(a.photo, outlines), pixelsPerMm(b.photo, outlines)];
  return inA && inB ? [inA, inB] : undefined;
}
