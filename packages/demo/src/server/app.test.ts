import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SignedIn } from "../acme-api.ts";
import { type AcmeOps, type AcmeOpsOptions, startAcmeOps } from "./app.ts";
import { templateDrafter } from "./drafts/template-drafter.ts";

let folder: string;
let options: AcmeOpsOptions;
let acmeOps: AcmeOps;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "acme-app-"));
  options = {
    port: 0,
    databaseUrl: `sqlite:${join(folder, "ops.db")}`,
    dataFolder: join(folder, "ops.data"),
    secret: "a secret of at least thirty-two bytes",
    drafter: templateDrafter,
    clientFolder: join(folder, "pages"),
  };
  await mkdir(join(options.clientFolder, "assets"), { recursive: true });
  await writeFile(join(options.clientFolder, "index.html"), "<!doctype html><title>Acme Ops</title>");
  acmeOps = await startAcmeOps(options);
});

afterEach(async () => {
  await acmeOps.stop();
  await rm(folder, { recursive: true });
});

async function signIn(personId: unknown): Promise<Response> {
  return fetch(`${acmeOps.url}/demo/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ personId }),
  });
}

async function get(path: string, personId: string): Promise<unknown> {
  const { token } = (await (await signIn(personId)).json()) as SignedIn;
  const response = await fetch(acmeOps.url + path, { headers: { authorization: `Bearer ${token}` } });
  return response.json();
}

test("signing in gives a token for the API, as that person of that company", async () => {
  const answer = (await (await signIn("mia")).json()) as SignedIn;
  expect(answer).toMatchObject({ person: { name: "Mia Stone", role: "reviewer" }, company: { id: "acme" } });
  expect(await get("/api/counts", "mia")).toMatchObject({ pending: 0 });
});

test("nobody signs in under an unknown or malformed id", async () => {
  for (const personId of ["eve", "", null, { $ne: 1 }]) {
    const response = await signIn(personId);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: { code: "invalid_request" } });
  }
});

test("records want a signed-in person and show their company's only", async () => {
  for (const path of ["/demo/mail", "/demo/customers", "/demo/tickets"]) {
    const response = await fetch(acmeOps.url + path);
    expect(response.status).toBe(401);
  }
  expect(JSON.stringify(await get("/demo/customers", "mia"))).toContain("Nordwind");
  expect(JSON.stringify(await get("/demo/customers", "gus"))).not.toContain("Nordwind");
  expect(JSON.stringify(await get("/demo/tickets", "gus"))).not.toContain("T-1001");
});

test("every page address answers with the page, under a policy without inline code", async () => {
  const response = await fetch(`${acmeOps.url}/runs/run_1`);
  expect(await response.text()).toContain("<title>Acme Ops</title>");
  const policy = response.headers.get("content-security-policy");
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toContain("unsafe");
});

test("a missing asset is not found instead of being the page", async () => {
  expect((await fetch(`${acmeOps.url}/assets/gone.js`)).status).toBe(404);
});

test("an unknown route of the demo is not found in the shape of an error", async () => {
  const response = await fetch(`${acmeOps.url}/demo/nothing`);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: "not_found" } });
});

test("refuses to start without built pages and says what to do", async () => {
  const started = startAcmeOps({ ...options, clientFolder: join(folder, "nowhere") });
  await expect(started).rejects.toThrow('run "npm run build" first');
});

test("what was signed in and stored before a restart holds after it", async () => {
  const { token } = (await (await signIn("mia")).json()) as SignedIn;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const input = { ticketId: "T-1001" };
  const body = JSON.stringify({ workflow: "support-ticket", input });
  await fetch(`${acmeOps.url}/api/runs`, { method: "POST", headers, body });
  await acmeOps.stop();
  acmeOps = await startAcmeOps(options);
  const runs = await (await fetch(`${acmeOps.url}/api/runs`, { headers })).json();
  expect(runs).toMatchObject({ items: [{ workflow: "support-ticket", input }] });
});
