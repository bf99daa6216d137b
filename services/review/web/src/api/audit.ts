/** Who looked at a citizen's record. */
import { createClient } from "@connectrpc/connect";
import { AuditService } from "../gen/samspil/audit/v1/audit_pb";
import { transport } from "./transport";

export const audit = createClient(AuditService, transport);
