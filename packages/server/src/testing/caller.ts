import {
  type Approval,
  type ApprovalRequest,
  type ErrorBody,
  HoldpointError,
  type Json,
  type Page,
  type RespondInput,
  type Run,
  type RunRequest,
} from "@holdpoint/core";

/** An approval as somebody saw it. */
export type SeenApproval = Pick<Approval, "id" | "digest">;

/** One caller of the API. Methods throw the {@link HoldpointError} that the server answered with. */
export interface TestCaller {
  /** Calls a path of the API and returns the answer, whatever it is. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: object, headers?: Record<string, string>): Promise<T>;
  request(request: ApprovalRequest): Promise<Approval>;
  approval(id: string): Promise<Approval>;
  /** Pending approvals that the caller can see, newest first. */
  inbox(): Promise<Approval[]>;
  respond(approval: Pick<Approval, "id">, response: RespondInput): Promise<Approval>;
  approve(approval: SeenApproval, comment?: string): Promise<Approval>;
  reject(approval: SeenApproval, comment?: string): Promise<Approval>;
  edit(approval: SeenApproval, args: Json): Promise<Approval>;
  answer(approval: SeenApproval, answer: Json): Promise<Approval>;
  startRun(request: RunRequest): Promise<Run>;
  run(id: string): Promise<Run>;
}

/** Calls the API at `url` with the token that `token` gives. */
export function testCaller(url: string, token: () => Promise<string>): TestCaller {
  const call = async (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(url + path, { ...init, headers: { authorization: `Bearer ${await token()}`, ...init.headers } });
  const get = async <T>(path: string): Promise<T> => bodyOf<T>(await call(path));
  const post = async <T>(path: string, body: object = {}, headers: Record<string, string> = {}): Promise<T> => {
    const json = { "content-type": "application/json", ...headers };
    return bodyOf<T>(await call(path, { method: "POST", headers: json, body: JSON.stringify(body) }));
  };
  const respond = (approval: Pick<Approval, "id">, response: RespondInput) =>
    post<Approval>(`/approvals/${approval.id}/respond`, response);
  return {
    fetch: call,
    get,
    post,
    request: (request) => post("/approvals", request),
    approval: (id) => get(`/approvals/${id}`),
    inbox: async () => (await get<Page<Approval>>("/approvals?status=pending")).items,
    respond,
    approve: (approval, comment) => respond(approval, { type: "approve", digest: approval.digest, comment }),
    reject: (approval, comment) => respond(approval, { type: "reject", digest: approval.digest, comment }),
    edit: (approval, args) => respond(approval, { type: "edit", digest: approval.digest, args }),
    answer: (approval, answer) => respond(approval, { type: "answer", digest: approval.digest, answer }),
    startRun: (request) => post("/runs", request),
    run: (id) => get(`/runs/${id}`),
  };
}

async function bodyOf<T>(response: Response): Promise<T> {
  const body: unknown = await response.json();
  if (response.ok) return body as T;
  const { code, message, details } = (body as ErrorBody).error;
  throw new HoldpointError(code, message, details);
}
