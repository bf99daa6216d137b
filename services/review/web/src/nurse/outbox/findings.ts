/** What the nurse saw, in the form that JSON can say and the contract's messages are made from. */
import type {
  ExudateAmount,
  ExudateType,
  InfectionSign,
  Odour,
  SurroundingSkin,
  TissueType,
  WoundEdge,
} from "../../gen/samspil/wound/v1/visit_pb";

/** What is not there was not assessed. The names are those of the contract's `Findings`. */
export interface Findings {
  lengthMm?: number;
  widthMm?: number;
  depthMm?: number;
  tissue: { type: TissueType; percent: number }[];
  exudateAmount?: ExudateAmount;
  exudateType?: ExudateType;
  edge?: WoundEdge;
  surroundingSkin: SurroundingSkin[];
  odour?: Odour;
  pain?: number;
  infectionSigns: InfectionSign[];
  undermining: { fromClock: number; toClock: number; lengthMm: number }[];
  dressing: string;
  note: string;
}

export const nothing: Findings = {
  tissue: [],
  surroundingSkin: [],
  infectionSigns: [],
  undermining: [],
  dressing: "",
  note: "",
};
