/** The way to the services: gRPC-Web on the page's own origin. */
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { session } from "../session/session";

/** How long a call without a stream may take. */
const PATIENCE_MS = 20_000;

const signedIn: Interceptor = (next) => async (request) => {
  request.header.set("traceparent", traceparent());
  const token = await session.token();
  request.header.set("authorization", `Bearer ${token}`);
  try {
    return await next(request);
  } catch (error) {
    if (ConnectError.from(error).code !== Code.Unauthenticated || request.stream) throw error;
    // The token ran out on the way. Once with a new one; without one, the session asks the person.
    request.header.set("authorization", `Bearer ${await session.renewedToken(token)}`);
    return await next(request);
  }
};

/** A trace begins with what a person does here. */
function traceparent(): string {
  const hex = (bytes: number) =>
    Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0"));
  return `00-${hex(16).join("")}-${hex(8).join("")}-01`;
}

export const transport = createGrpcWebTransport({
  baseUrl: location.origin,
  interceptors: [signedIn],
  defaultTimeoutMs: PATIENCE_MS,
});
