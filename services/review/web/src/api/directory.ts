/** Citizens, their consents, organisations. */
import { createClient } from "@connectrpc/connect";
import { DirectoryService } from "../gen/samspil/directory/v1/directory_pb";
import { transport } from "./transport";

export const directory = createClient(DirectoryService, transport);
