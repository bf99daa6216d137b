/** Wounds, visits, photos and their assessments. */
import { createClient } from "@connectrpc/connect";
import { WoundService } from "../gen/samspil/wound/v1/wound_service_pb";
import { transport } from "./transport";

export const wounds = createClient(WoundService, transport);
