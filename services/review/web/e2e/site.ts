/** A server of this checkout, with everything in a folder of its own. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { AuditService } from "../src/gen/samspil/audit/v1/audit_pb";
import { CarePlanService } from "../src/gen/samspil/careplan/v1/care_plan_pb";
import { DirectoryService } from "../src/gen/samspil/directory/v1/directory_pb";
import { WoundService } from "../src/gen/samspil/wound/v1/wound_service_pb";

/** The made-up people that can sign in. */
export type Who =
  | "nurse"
  | "specialist"
  | "specialist2"
  | "other_specialist"
  | "coordinator"
  | "gp"
  | "outsider";

/** A citizen as herself: `patients/{patient}`. */
export interface Citizen {
  citizen: string;
}

export function binary(): string {
  const path = process.env.SAMSPIL_BINARY;
  if (!path) throw new Error("SAMSPIL_BINARY is not set: run `cargo xtask web test`");
  return path;
}

export class Site {
  readonly folder = mkdtempSync(join(tmpdir(), "samspil-e2e-"));
  #process: ChildProcess | undefined;
  #address: string;
  readonly #settings: Record<string, string>;
  readonly #config: string | undefined;
  readonly #services: string[];

  /** With settings in the environment, and in a configuration file if there is one; every service, unless some are named. */
  constructor(
    settings: Record<string, string> = {},
    config?: string,
    { services = [], listen = "127.0.0.1:0" }: { services?: string[]; listen?: string } = {},
  ) {
    this.#settings = settings;
    this.#config = config;
    this.#services = services;
    this.#address = listen;
  }

  get url(): string {
    return `http://${this.#address}`;
  }

  /** Starts the server, at the same address as before if there was one before. */
  async start(): Promise<void> {
    const args = [
      "serve",
      ...this.#services,
      "--data-dir",
      join(this.folder, "data"),
      "--listen",
      this.#address,
    ];
    if (this.#config !== undefined) {
      const file = join(this.folder, "samspil.toml");
      writeFileSync(file, this.#config);
      args.push("--config", file);
    }
    const server = spawn(binary(), args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, RUST_LOG: "warn", ...this.#settings },
    });
    this.#process = server;
    const said: string[] = [];
    server.stderr?.on("data", (data) => said.push(String(data)));
    for await (const line of createInterface({ input: server.stdout as NodeJS.ReadableStream })) {
      said.push(line);
      const found = /on http:\/\/([\d.:]+)$/.exec(line);
      if (!found?.[1]) continue;
      this.#address = found[1];
      // What else it says is read, so that it never waits for a reader.
      server.stdout?.resume();
      return;
    }
    throw new Error(`the server did not start:\n${said.join("\n")}`);
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    const server = this.#process;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    server.kill("SIGKILL");
    await once(server, "exit");
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Clients of the services, as one of the people. */
  as(who: Who | Citizen) {
    const transport = this.#transport(this.#token(who));
    return {
      audit: createClient(AuditService, transport),
      wounds: createClient(WoundService, transport),
      directory: createClient(DirectoryService, transport),
      plans: createClient(CarePlanService, transport),
    };
  }

  #token(who: Who | Citizen): string {
    const data = join(this.folder, "data");
    if (typeof who === "string") return readFileSync(join(data, "tokens", `${who}.token`), "utf8").trim();
    const args = ["token", "citizen", "--patient", who.citizen, "--data-dir", data];
    return execFileSync(binary(), args, { encoding: "utf8" }).trim();
  }

  #transport(token: string): Transport {
    const withToken: Interceptor = (next) => (request) => {
      request.header.set("authorization", `Bearer ${token}`);
      return next(request);
    };
    return createGrpcWebTransport({ baseUrl: this.url, interceptors: [withToken] });
  }
}
