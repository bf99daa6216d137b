/** Made-up things of the contract. */
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { ActorSchema } from "../../src/gen/samspil/common/v1/common_pb";
import { CitizenSchema } from "../../src/gen/samspil/directory/v1/directory_pb";
import {
  type Assessment,
  AssessmentSchema,
  type AssessmentState,
} from "../../src/gen/samspil/wound/v1/assessment_pb";
import { FlagKind, FlagSchema, FlagState } from "../../src/gen/samspil/wound/v1/flag_pb";
import { VisitSchema } from "../../src/gen/samspil/wound/v1/visit_pb";
import { WoundSchema, WoundState } from "../../src/gen/samspil/wound/v1/wound_pb";

export const at = (text: string) => timestampFromDate(new Date(text));
export const OWN = "organisations/11111111111";
export const patient = (n: number) => `patients/${n}`;
export const woundName = (n: number, m = 1) => `patients/${n}/wounds/${m}`;

export const citizen = (n: number, displayName: string) =>
  create(CitizenSchema, { name: patient(n), displayName, birthDate: "1948-12-25" });

export const wound = (name: string, more: MessageInitShape<typeof WoundSchema> = {}) =>
  create(WoundSchema, { name, state: WoundState.OPEN, owner: OWN, ...more });

export const visit = (name: string, time: string) => create(VisitSchema, { name, visitTime: at(time) });

export const flag = (
  name: string,
  kind: FlagKind = FlagKind.NOT_HEALING,
  state: FlagState = FlagState.RAISED,
) => create(FlagSchema, { name, kind, state });

export function assessment(
  name: string,
  state: AssessmentState,
  more: MessageInitShape<typeof AssessmentSchema> = {},
): Assessment {
  const made = create(AssessmentSchema, more);
  made.requestedBy ??= create(ActorSchema, { organisation: OWN });
  return Object.assign(made, { name, state });
}
