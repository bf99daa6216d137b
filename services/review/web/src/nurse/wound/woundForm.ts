/** A wound while it is being told. */
import { Laterality, type Wound, WoundState, type WoundType } from "../../gen/samspil/wound/v1/wound_pb";
import { type Region, siteOf } from "./bodySites";

export interface WoundForm {
  /** The part of the figure that was pressed, if any. */
  region: Region | undefined;
  view: "front" | "back";
  /** SNOMED CT. */
  code: string;
  side: Laterality;
  type: WoundType | undefined;
  /** `YYYY-MM-DD`, or empty. */
  onset: string;
  label: string;
}

export const emptyWound: WoundForm = {
  region: undefined,
  view: "front",
  code: "",
  side: Laterality.UNSPECIFIED,
  type: undefined,
  onset: "",
  label: "",
};

export type WoundFault = "site" | "side" | "type" | "future";

/** What is wrong with it, by field. */
export function woundFaults(form: WoundForm, today: string): Partial<Record<keyof WoundForm, WoundFault>> {
  const site = siteOf(form.code);
  const oneOfTwo = form.side === Laterality.LEFT || form.side === Laterality.RIGHT;
  return {
    ...(!site && { code: "site" as const }),
    ...(site?.sides === "pair" && !oneOfTwo && { side: "side" as const }),
    ...(!form.type && { type: "type" as const }),
    ...(form.onset > today && { onset: "future" as const }),
  };
}

/** A place was chosen: a side that it does not have is let go. */
export function withSite(form: WoundForm, code: string): WoundForm {
  const site = siteOf(code);
  const side = site?.sides === "none" ? Laterality.UNSPECIFIED : form.side;
  return { ...form, code, region: site?.region ?? form.region, side };
}

/** An open wound in the same place: it may be the one that is meant. */
export function inSamePlace(form: WoundForm, wounds: readonly Wound[]): Wound | undefined {
  return wounds.find(
    (one) =>
      one.state === WoundState.OPEN && one.bodySite?.code === form.code && one.laterality === form.side,
  );
}
