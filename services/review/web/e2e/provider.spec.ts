/** The whole way in, at a certified provider of OpenID Connect in place of the built-in one. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import type { Page } from "@playwright/test";
import { DirectoryService } from "../src/gen/samspil/directory/v1/directory_pb";
import { WoundService } from "../src/gen/samspil/wound/v1/wound_service_pb";
import { test as base, expect, look } from "./fixtures";
import { binary, Site } from "./site";

const run = promisify(execFile);

interface Provider {
  issuer: string;
  process: ChildProcess;
}

interface Fixtures {
  /** How long access tokens hold. */
  accessSeconds: number;
  provider: Provider;
  /** A server whose people are those of the provider. */
  guarded: Site;
}

const test = base.extend<Fixtures>({
  accessSeconds: [300, { option: true }],
  provider: async ({ accessSeconds }, use) => {
    const script = join(import.meta.dirname, "provider.mjs");
    const env = { ...process.env, ACCESS_SECONDS: String(accessSeconds) };
    const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "inherit"], env });
    const lines = createInterface({ input: child.stdout });
    const [issuer] = await once(lines, "line");
    await use({ issuer, process: child });
    child.kill("SIGKILL");
  },
  guarded: async ({ provider }, use) => {
    const site = new Site({}, configuration(provider.issuer));
    await site.start();
    provider.process.stdin?.write(`${site.url}/back-channel-logout\n`);
    await use(site);
    await site.close();
  },
});

const configuration = (issuer: string) => `
production = true

[[providers]]
issuer = "${issuer}"
claims = { role = "groups", organisation = "unit" }
roles = { sp-nurse = "nurse", sp-specialist = "specialist" }
organisations = { hedensted = "990000000000766" }
assurances = { "nsis:substantial" = "substantial", "nsis:low" = "low" }
least_assurance = "substantial"
web_client = "samspil-web"
web_scope = "profile"
device_client = "samspil-cli"
resource = "urn:samspil"

[providers.clients.setup]
role = "administrator"
name = "Set-up"
`;

/** The provider's own pages: who it is, and whether that is all right. */
async function passTheProvider(page: Page, login: string): Promise<void> {
  await page.locator('input[name="login"]').fill(login);
  await page.locator('input[name="password"]').fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

async function signInAs(page: Page, login: string): Promise<void> {
  await page.goto("/");
  await page.getByRole("button", { name: "Log ind", exact: true }).click();
  await passTheProvider(page, login);
}

/** A token that a program gets for itself. */
async function programToken({ issuer }: Provider, client: string): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${client}:of-the-test`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials", resource: "urn:samspil" }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

function withToken(site: Site, token: string): Transport {
  return createGrpcWebTransport({
    baseUrl: site.url,
    interceptors: [
      (next) => (request) => {
        request.header.set("authorization", `Bearer ${token}`);
        return next(request);
      },
    ],
  });
}

function directory(site: Site, token: string) {
  return createClient(DirectoryService, withToken(site, token));
}

async function reason(call: Promise<unknown>): Promise<string> {
  const error = ConnectError.from(await call.then(() => undefined).catch((error: unknown) => error));
  return `${Code[error.code]}: ${error.rawMessage}`;
}

test("a specialist signs in at the region's provider and out again", async ({ browser, guarded }) => {
  const context = await browser.newContext({ baseURL: guarded.url });
  const page = await context.newPage();
  const blocked: string[] = [];
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) blocked.push(message.text());
  });
  await signInAs(page, "soeren");
  await expect(page).toHaveURL(/\/queue/);
  await expect(page.getByRole("button", { name: /Søren Holm/ })).toBeVisible();
  await look(page, "provider-signed-in");
  await page.reload();
  await page.getByRole("button", { name: /Søren Holm/ }).click();
  await page.getByRole("menuitem", { name: "Log ud" }).click();
  await page.getByRole("button", { name: "Yes, sign me out" }).click();
  await expect(page.getByRole("button", { name: "Log ind", exact: true })).toBeVisible();
  const kept = await page.evaluate(() => Object.keys(localStorage).filter((key) => /user|person/.test(key)));
  expect(kept).toEqual([]);
  expect(blocked).toEqual([]);
  await context.close();
});

test("who signs out at the provider is out, with every token that is left", async ({ browser, guarded }) => {
  const context = await browser.newContext({ baseURL: guarded.url });
  const page = await context.newPage();
  await signInAs(page, "soeren");
  await expect(page).toHaveURL(/\/queue/);
  const stolen = await page.evaluate(() => {
    const key = Object.keys(localStorage).find((one) => one.startsWith("samspil.user:")) ?? "";
    return JSON.parse(localStorage.getItem(key) ?? "{}").access_token as string;
  });
  const list = () => directory(guarded, stolen).listOrganisations({});
  await list();
  const queue = createClient(WoundService, withToken(guarded, stolen)).watchQueue({})[Symbol.asyncIterator]();
  await queue.next();
  const end = reason(
    (async () => {
      while (!(await queue.next()).done);
    })(),
  );
  await page.getByRole("button", { name: /Søren Holm/ }).click();
  await page.getByRole("menuitem", { name: "Log ud" }).click();
  await page.getByRole("button", { name: "Yes, sign me out" }).click();
  await expect(page.getByRole("button", { name: "Log ind", exact: true })).toBeVisible();
  const out = "Unauthenticated: its person has signed out; sign in again";
  await expect.poll(() => reason(list())).toBe(out);
  expect(await end).toBe(out);
  // The same person comes in again.
  await page.getByRole("button", { name: "Log ind", exact: true }).click();
  await passTheProvider(page, "soeren");
  await expect(page.getByRole("button", { name: /Søren Holm/ })).toBeVisible();
  await context.close();
});

for (const [login, told] of [
  ["stranger", "ingen har givet dig adgang"],
  ["weak", "højere sikringsniveau"],
] as const) {
  test(`whom the provider knows and nobody has let in stays outside: ${login}`, async ({
    browser,
    guarded,
  }) => {
    const context = await browser.newContext({ baseURL: guarded.url });
    const page = await context.newPage();
    await signInAs(page, login);
    await expect(page.getByText(told)).toBeVisible();
    await look(page, `provider-${login}`);
    await page.goto("/queue");
    await expect(page.getByRole("button", { name: "Log ind", exact: true })).toBeVisible();
    await context.close();
  });
}

test("a program gets its own token, and one that nobody has listed gets nowhere", async ({
  guarded,
  provider,
}) => {
  const setUp = directory(guarded, await programToken(provider, "setup"));
  const organisation = {
    name: "organisations/990000000000766",
    displayName: "Hedensted Kommune",
    kind: 1,
    municipalityCode: "0766",
  };
  const put = await setUp.putOrganisation({ organisation, requestId: crypto.randomUUID() });
  expect(put.displayName).toBe("Hedensted Kommune");
  const unlisted = directory(guarded, await programToken(provider, "unlisted"));
  expect(await reason(unlisted.getOrganisation({ name: organisation.name }))).toMatch(
    /^PermissionDenied: .*let/,
  );
  const reflection = await fetch(`${guarded.url}/grpc.reflection.v1.ServerReflection/ServerReflectionInfo`, {
    method: "POST",
    headers: { "content-type": "application/grpc-web+proto" },
    body: new Uint8Array([0, 0, 0, 0, 0]),
  });
  expect(reflection.headers.get("grpc-status")).toBe("16");
  // The program is the administrator, and no nurse.
  expect(await reason(setUp.findCitizen({ personNumber: "0101450000" }))).toMatch(/^PermissionDenied/);
});

test.describe("the command line", () => {
  // The command line renews what holds for less than half a minute.
  test.use({ accessSeconds: 33 });

  test("a nurse signs in on any browser, goes on after an hour, and signs out", async ({
    browser,
    guarded,
    provider,
  }) => {
    const here = ["--endpoint", guarded.url, "--data-dir", join(guarded.folder, "device"), "--json"];
    const whoami = async () => JSON.parse((await run(binary(), ["whoami", ...here])).stdout);
    const login = spawn(binary(), ["login", ...here], { stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: login.stdout })[Symbol.asyncIterator]();
    const told = JSON.parse((await lines.next()).value as string);
    const page = await browser.newPage();
    await page.goto(told.verificationUri);
    await expect(page.getByText(told.userCode)).toBeVisible();
    await page.getByRole("button", { name: "Continue" }).click();
    await passTheProvider(page, "anna");
    await expect(page.getByText("Sign-in Success")).toBeVisible();
    const who = JSON.parse((await lines.next()).value as string);
    expect(who).toMatchObject({
      person: "anna",
      role: "nurse",
      organisation: "organisations/990000000000766",
    });

    const file = join(guarded.folder, "device", "sign-in.json");
    const first = JSON.parse(readFileSync(file, "utf8"));
    // As after an hour: what is left is less than it takes to use it.
    writeFileSync(file, JSON.stringify({ ...first, expires: 0 }));
    expect(await whoami()).toMatchObject({ person: "anna" });
    const renewed = JSON.parse(readFileSync(file, "utf8"));
    expect(renewed.access_token).not.toBe(first.access_token);

    await run(binary(), ["logout", ...here]);
    // Whoever has kept a copy has nothing to renew it with.
    writeFileSync(file, JSON.stringify({ ...renewed, expires: 0 }));
    const refused = await whoami().catch((error: { stdout: string }) => error.stdout);
    expect(String(refused)).toContain("invalid_grant");
    expect(provider.process.exitCode).toBeNull();
    await page.close();
  });
});
