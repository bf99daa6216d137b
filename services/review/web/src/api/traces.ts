/** What happened to a case, step by step. */
import { createClient } from "@connectrpc/connect";
import { TraceService } from "../gen/samspil/trace/v1/trace_pb";
import { transport } from "./transport";

export const traces = createClient(TraceService, transport);
