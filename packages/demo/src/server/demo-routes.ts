import { HoldpointError, type Viewer } from "@holdpoint/core";
import type { Authenticate, SessionTokens } from "@holdpoint/server";
import { type ErrorRequestHandler, json, type Request, type Response, Router } from "express";
import { z } from "zod";
import type { Company, Customer, Listing, SentMail, SignedIn, Ticket } from "../acme-api.ts";
import { companies, companyOf, findPerson } from "./companies.ts";
import type { Office } from "./office.ts";

const signInInput = z.strictObject({ personId: z.string() });

/**
 * The routes of the product around the inbox: its sign-in, which asks for no password because this is a demo, and its
 * records, each for the signed-in person's company only.
 */
export function demoRoutes(sessions: SessionTokens, { archive, customers, tickets }: Office): Router {
  const router = Router();
  const list = <Item>(path: string, items: (viewer: Viewer) => Item[] | Promise<Item[]>) =>
    router.get(path, async (request: Request, response: Response<Listing<Item>>) => {
      response.json({ items: await items(await signedIn(sessions.authenticate, request)) });
    });

  router.get("/companies", (_request, response: Response<Listing<Company>>) => {
    response.json({ items: [...companies] });
  });
  router.post("/sign-in", json({ limit: "1kb" }), async (request: Request, response: Response<SignedIn>) => {
    response.json(await signIn(sessions, request.body));
  });
  list<SentMail>("/mail", (viewer) => archive.sentFrom(companyOf(viewer.tenantId).domain));
  list<Customer>("/customers", (viewer) => customers.list(viewer.tenantId));
  list<Ticket>("/tickets", (viewer) => tickets.list(viewer.tenantId));
  router.use(() => {
    throw new HoldpointError("not_found", "There is no such route.");
  });
  router.use(answerError);
  return router;
}

async function signIn(sessions: SessionTokens, body: unknown): Promise<SignedIn> {
  const input = signInInput.safeParse(body);
  const found = input.success ? findPerson(input.data.personId) : undefined;
  if (!found) throw new HoldpointError("invalid_request", "Nobody has this id; choose one of the people on offer.");
  const { person, company } = found;
  const { id, name, groups, role } = person;
  const token = await sessions.issue({ sub: id, name, tenant: company.id, groups, role, expiresIn: "8h" });
  return { token, person, company: { id: company.id, name: company.name, domain: company.domain } };
}

async function signedIn(authenticate: Authenticate, { headers }: Request): Promise<Viewer> {
  const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1];
  const viewer = await authenticate({ headers, token });
  if (!viewer) throw new HoldpointError("unauthenticated", "Sign in first.");
  return viewer;
}

/** Answers in the shape of Holdpoint's errors. */
const answerError: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const known = toHoldpointError(error);
  response.status(known.status).json(known);
};

/** Errors of the body parser carry a status; whatever carries none is our own fault and is not told to the caller. */
function toHoldpointError(error: unknown): HoldpointError {
  if (error instanceof HoldpointError) return error;
  const isRequestsFault = error instanceof Error && "status" in error;
  return isRequestsFault
    ? new HoldpointError("invalid_request", `The request can't be read: ${error.message}.`)
    : new HoldpointError("internal", "Something went wrong here; try again.");
}
