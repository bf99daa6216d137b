/** Who somebody is here: what the services make of a token, whatever the provider calls organisations and roles. */
import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { ReviewService } from "../gen/samspil/review/v1/review_service_pb";
import type { Person, Role } from "./session";

const PATIENCE_MS = 20_000;

export async function caller(token: string): Promise<Person> {
  const transport = createGrpcWebTransport({ baseUrl: location.origin, defaultTimeoutMs: PATIENCE_MS });
  const headers = { authorization: `Bearer ${token}` };
  const told = await createClient(ReviewService, transport).getCaller({}, { headers });
  return {
    id: told.person,
    name: told.displayName || told.person,
    organisation: told.organisation.replace("organisations/", ""),
    role: told.role as Role,
    ...(told.patient && { patient: told.patient }),
  };
}
