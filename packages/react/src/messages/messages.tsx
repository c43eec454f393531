import type { ApprovalStatus, ErrorCode, OnTimeout, OutcomeStatus, Risk } from "@holdpoint/core";
import type { ReactNode } from "react";
import type { Format } from "../look/format.ts";

type None = Record<never, never>;

/** Every text of the kit and what it is told. Keys that end in "label" or "placeholder" go into attributes. */
export interface MessageArgs {
  "inbox.title": None;
  "inbox.pendingLabel": { count: number };
  "inbox.searchLabel": None;
  "inbox.searchPlaceholder": None;
  "inbox.filtersLabel": None;
  "inbox.listLabel": None;
  "inbox.detailLabel": None;
  "inbox.newItems": { count: number };
  "inbox.empty": None;
  "inbox.emptyHint": None;
  "inbox.noMatches": None;
  "inbox.loading": None;
  "inbox.error": { message: string };
  "inbox.more": None;
  "inbox.back": None;
  "inbox.choose": None;
  "filter.pending": None;
  "filter.mine": None;
  "filter.highRisk": None;
  "filter.dueFirst": None;
  "filter.decided": None;
  "connection.idle": None;
  "connection.connecting": None;
  "connection.live": None;
  "connection.reconnecting": None;
  "connection.polling": None;
  "connection.offline": None;
  "connection.unauthorized": None;
  "announce.newItems": { count: number };
  "announce.ended": { title: string; status: ApprovalStatus };
  "risk.short": { risk: Risk };
  "risk.long": { risk: Risk };
  "kind.question": None;
  "status.name": { status: ApprovalStatus };
  "card.loading": None;
  "card.notFound": None;
  "card.failed": { message: string };
  "card.requestedBy": { name: ReactNode };
  "card.run": { name: string };
  "card.done": None;
  "card.sent": None;
  "card.agentMessage": None;
  "card.details": None;
  "card.answer": None;
  "deadline.left": { time: string };
  "deadline.full": { time: string; onTimeout: OnTimeout };
  "deadline.over": None;
  "stage.of": { approved: number; needed: number };
  "stage.needed": { approved: number; needed: number };
  "stage.everyone": None;
  "stage.next": None;
  "stage.anyone": None;
  "stage.approvedBy": { names: string; time: string };
  "stage.you": None;
  "email.from": None;
  "email.to": None;
  "email.cc": None;
  "email.subject": None;
  "argument.raw": None;
  "argument.none": None;
  "argument.boolean": { value: boolean };
  "block.showAll": { lines: number };
  "block.showImage": None;
  "block.imageHost": { host: string };
  "block.unsafeLink": None;
  "block.unknown": { type: string };
  "block.rowsLabel": { rows: number };
  "diff.added": None;
  "diff.removed": None;
  "diff.unchanged": { lines: number };
  "diff.changes": None;
  "diff.none": None;
  "diff.label": None;
  "text.hiddenLabel": None;
  "comment.label": None;
  "comment.placeholder": { canReject: boolean; required: boolean };
  "comment.required": None;
  "editor.title": None;
  "editor.loading": None;
  "editor.asJson": None;
  "editor.asForm": None;
  "editor.jsonLabel": None;
  "editor.invalidJson": { message: string };
  "editor.failed": None;
  "editor.addItem": None;
  "editor.removeItem": None;
  "editor.removeItemLabel": { position: number };
  "editor.choose": None;
  "editor.fieldError": { label: string; message: string };
  "editor.optional": None;
  "editor.itemLabel": { position: number };
  "action.approve": None;
  "action.approveEdited": { approve: string | undefined };
  "action.reject": None;
  "action.edit": None;
  "action.stopEditing": None;
  "action.startOver": None;
  "action.answer": None;
  "action.submitting": None;
  "action.retry": None;
  "action.seenChange": None;
  "blocked.expand": { count: number };
  "blocked.unchanged": None;
  "blocked.offline": None;
  "blocked.reason": { code: ErrorCode; message: string };
  "waiting.others": { approved: number; needed: number | undefined };
  "changed.title": None;
  "changed.reload": None;
  "conflict.title": None;
  "error.submit": { code: ErrorCode; message: string };
  "error.fields": { count: number };
  "outcome.title": { status: OutcomeStatus; names: string | undefined; edited: boolean };
  "outcome.timedOut": { approved: boolean; rejected: boolean };
  "run.loading": None;
  "run.notFound": None;
  "run.failed": { message: string };
  /** Of the run, or of a kind of status that this version doesn't know. */
  "run.status": { status: string };
  "run.startedBy": { name: string };
  "run.took": { time: string };
  "run.version": { version: number };
  "run.stepsLabel": None;
  "run.noSteps": None;
  "run.kind": { kind: string };
  /** `time` is how long ago: "2 min. ago". */
  "run.since": { time: string };
  "run.attempts": { count: number };
  "run.waits": { kind: string; event: string | undefined };
  "run.wentOn": None;
  "run.endedBefore": None;
  "run.noEvent": None;
  /** What a step waits for, or when it is tried again; `left` is the same time seen from now: "in 2 days". */
  "run.until": { kind: string; time: string; left: string };
  "run.asked": { names: string };
  "run.input": None;
  "run.output": None;
  "run.result": None;
  "run.retry": None;
  "run.cancel": None;
  "run.cancelConfirm": None;
  "run.keep": None;
}

/** Key of a text. */
export type MessageKey = keyof MessageArgs;

/** What a text may render as: attributes take strings only. */
export type MessageResult<K extends MessageKey> = K extends
  | `${string}${"L" | ".l"}abel`
  | `${string}${"P" | ".p"}laceholder`
  ? string
  : ReactNode;

/** The kit's texts: a string, or a function of what the text is told and the language's {@link Format}. */
export type Messages = {
  [K in MessageKey]: string | ((args: MessageArgs[K], format: Format) => MessageResult<K>);
};

/** Gives the text of a key, in the provider's language. */
export type Translate = <K extends MessageKey>(
  key: K,
  ...args: keyof MessageArgs[K] extends never ? [] : [args: MessageArgs[K]]
) => MessageResult<K>;

const risks: Record<Risk, string> = { low: "Low", medium: "Medium", high: "High", critical: "Critical" };

const statuses: Record<ApprovalStatus, string> = {
  pending: "Pending",
  approved: "Approved",
  rejected: "Rejected",
  answered: "Answered",
  timed_out: "Timed out",
  cancelled: "Withdrawn",
};

const afterTimeout: Record<OnTimeout, string> = {
  time_out: "",
  approve: ", then it counts as approved",
  reject: ", then it counts as rejected",
};

const runStatuses: Record<string, string> = {
  queued: "Queued",
  running: "Running",
  waiting: "Waiting",
  stranded: "Stranded: its workflow is not in the code",
  completed: "Completed",
  rejected: "Rejected",
  timed_out: "Timed out",
  failed: "Failed",
  cancelled: "Cancelled",
};

const stepKinds: Record<string, string> = {
  step: "Step",
  approval: "Approval",
  question: "Question",
  sleep: "Pause",
  event: "Event",
  invoke: "Child run",
  notify: "Notification",
  log: "Log",
};

const waits: Record<string, string> = {
  step: "Tries again",
  approval: "Waits for a decision",
  question: "Waits for an answer",
  sleep: "Sleeps",
  invoke: "Waits for the child run",
};

/** The English texts. */
export const en: Messages = {
  "inbox.title": "Needs your attention",
  "inbox.pendingLabel": ({ count }, format) => format.plural(count, { one: "# pending", other: "# pending" }),
  "inbox.searchLabel": "Search approvals",
  "inbox.searchPlaceholder": "Search approvals",
  "inbox.filtersLabel": "Show",
  "inbox.listLabel": "Approvals",
  "inbox.detailLabel": "Approval",
  "inbox.newItems": ({ count }, format) => format.plural(count, { one: "# new approval", other: "# new approvals" }),
  "inbox.empty": "Nothing needs your attention",
  "inbox.emptyHint": "New approvals appear here by themselves.",
  "inbox.noMatches": "No approvals match.",
  "inbox.loading": "Loading approvals",
  "inbox.error": ({ message }) => `The approvals could not be loaded. ${message}`,
  "inbox.more": "Show more",
  "inbox.back": "All approvals",
  "inbox.choose": "Choose an approval to see it here",
  "filter.pending": "Pending",
  "filter.mine": "Mine",
  "filter.highRisk": "High risk",
  "filter.dueFirst": "Due first",
  "filter.decided": "Decided",
  "connection.idle": "Not connected",
  "connection.connecting": "Connecting",
  "connection.live": "Live",
  "connection.reconnecting": "Reconnecting",
  "connection.polling": "Live, every few seconds",
  "connection.offline": "Offline",
  "connection.unauthorized": "Signed out",
  "announce.newItems": ({ count }, format) => format.plural(count, { one: "# new approval", other: "# new approvals" }),
  "announce.ended": ({ title, status }) => `“${title}” has ended: ${statuses[status]}.`,
  "risk.short": ({ risk }) => risks[risk],
  "risk.long": ({ risk }) => `${risks[risk]} risk`,
  "kind.question": "Question",
  "status.name": ({ status }) => statuses[status],
  "card.loading": "Loading the approval",
  "card.failed": ({ message }) => `The approval could not be loaded. ${message}`,
  "card.notFound": "This approval doesn’t exist, or you may not see it.",
  "card.requestedBy": ({ name }) => <>Requested by {name}</>,
  "card.run": ({ name }) => `Run ${name}`,
  "card.done": "What will be done",
  "card.sent": "What will be sent",
  "card.agentMessage": "Written by the agent",
  "card.details": "Details",
  "card.answer": "Your answer",
  "deadline.left": ({ time }) => `${time} left`,
  "deadline.full": ({ time, onTimeout }) => `Times out in ${time}${afterTimeout[onTimeout]}`,
  "deadline.over": "Past its deadline",
  "stage.of": ({ approved, needed }, format) => `${format.number(approved)} of ${format.number(needed)}`,
  "stage.needed": ({ approved, needed }, format) => `${format.number(approved)} of ${format.number(needed)} needed`,
  "stage.everyone": "everyone’s approval needed",
  "stage.next": "next",
  "stage.anyone": "Reviewers",
  "stage.approvedBy": ({ names, time }) => `approved by ${names}, ${time}`,
  "stage.you": "You",
  "email.from": "From",
  "email.to": "To",
  "email.cc": "Cc",
  "email.subject": "Subject",
  "argument.raw": "Raw",
  "argument.none": "none",
  "argument.boolean": ({ value }) => (value ? "Yes" : "No"),
  "block.showAll": ({ lines }, format) => format.plural(lines, { one: "Show # more line", other: "Show # more lines" }),
  "block.showImage": "Load image",
  "block.imageHost": ({ host }) => `from ${host}`,
  "block.unsafeLink": "Not a web address, so it can’t be opened",
  "block.unknown": ({ type }) => `Content of the kind “${type}”, shown as it came`,
  "block.rowsLabel": ({ rows }, format) => format.plural(rows, { one: "Table with # row", other: "Table with # rows" }),
  "diff.added": "Added:",
  "diff.removed": "Removed:",
  "diff.unchanged": ({ lines }, format) =>
    format.plural(lines, { one: "# unchanged line", other: "# unchanged lines" }),
  "diff.changes": "What you changed",
  "diff.none": "No changes yet",
  "diff.label": "Changes",
  "text.hiddenLabel": "A character that would be invisible",
  "comment.label": "Comment",
  "comment.placeholder": ({ canReject, required }) => {
    if (required) return "Say why: this one needs a comment";
    return canReject ? "Add a comment, or the reason for rejecting" : "Add a comment";
  },
  "comment.required": "Critical approvals need a comment: say why this may go ahead.",
  "editor.title": "Edit",
  "editor.loading": "Loading the form",
  "editor.asJson": "As JSON",
  "editor.asForm": "As a form",
  "editor.jsonLabel": "JSON",
  "editor.invalidJson": ({ message }) => `This is not valid JSON: ${message}`,
  "editor.failed": "No form can be made for this, so it is edited as JSON.",
  "editor.addItem": "Add",
  "editor.removeItem": "Remove",
  "editor.removeItemLabel": ({ position }, format) => `Remove item ${format.number(position)}`,
  "editor.choose": "Choose",
  "editor.fieldError": ({ label, message }) => `${label} ${message}`,
  "editor.optional": "optional",
  "editor.itemLabel": ({ position }, format) => `Item ${format.number(position)}`,
  "action.approve": "Approve",
  "action.approveEdited": ({ approve }) => (approve ? `${approve} with changes` : "Approve with changes"),
  "action.reject": "Reject",
  "action.edit": "Edit",
  "action.stopEditing": "Stop editing",
  "action.startOver": "Start over",
  "action.answer": "Send answer",
  "action.submitting": "Submitting",
  "action.retry": "Try again",
  "action.seenChange": "I have seen the change",
  "blocked.expand": ({ count }, format) =>
    format.plural(count, {
      one: "Part of the content is folded. Unfold it before you approve.",
      other: "# parts of the content are folded. Unfold them before you approve.",
    }),
  "blocked.unchanged": "You have not changed anything yet.",
  "blocked.offline": "You are offline. Responding is possible again once the connection is back; your draft is kept.",
  "blocked.reason": ({ code, message }) => {
    if (code === "self_approval") return "You asked for this yourself, so someone else has to decide.";
    if (code === "not_a_reviewer") return "You can read this, but others were asked to decide.";
    return message;
  },
  "waiting.others": ({ approved, needed }, format) =>
    needed === undefined
      ? "Your approval is in. Others still have to approve."
      : `Your approval is in: ${format.number(approved)} of ${format.number(needed)}. Others still have to approve.`,
  "changed.title": "This has changed since you opened it. Have another look before you decide.",
  "changed.reload": "This has changed since you opened it. Reload to see what would be done now.",
  "conflict.title": "Someone was faster: your response was not counted.",
  "error.submit": ({ code, message }) => {
    if (code === "unavailable") return "The server could not be reached. Your draft is kept: try again.";
    if (code === "unauthenticated") return "You are signed out. Sign in again; your draft is kept.";
    return message;
  },
  "error.fields": ({ count }, format) =>
    format.plural(count, { one: "# field needs your attention.", other: "# fields need your attention." }),
  "outcome.title": ({ status, names, edited }) => {
    const what = edited ? "Approved with changes" : statuses[status];
    return names ? `${what} by ${names}` : what;
  },
  "outcome.timedOut": ({ approved, rejected }) => {
    if (approved) return "Nobody decided in time, so it counts as approved.";
    return rejected ? "Nobody decided in time, so it counts as rejected." : "Nobody decided in time.";
  },
  "run.loading": "Loading the run",
  "run.notFound": "This run doesn’t exist, or you may not see it.",
  "run.failed": ({ message }) => `The run could not be loaded. ${message}`,
  "run.status": ({ status }) => runStatuses[status] ?? status,
  "run.startedBy": ({ name }) => `Started by ${name}`,
  "run.took": ({ time }) => `took ${time}`,
  "run.version": ({ version }, format) => `version ${format.number(version)}`,
  "run.stepsLabel": "Steps",
  "run.noSteps": "No step was reached yet.",
  "run.kind": ({ kind }) => stepKinds[kind] ?? kind,
  "run.since": ({ time }) => `began ${time}`,
  "run.attempts": ({ count }, format) => format.plural(count, { one: "# attempt", other: "# attempts" }),
  "run.waits": ({ kind, event }) => (event ? `Waits for the event ${event}` : (waits[kind] ?? "Waiting")),
  "run.wentOn": "The run went on without it",
  "run.endedBefore": "The run ended before it did",
  "run.noEvent": "No such event came in time",
  "run.until": ({ kind, time, left }) => `${kind === "step" ? "on" : "until"} ${time} (${left})`,
  "run.asked": ({ names }) => `Asked: ${names}`,
  "run.input": "Input",
  "run.output": "Output",
  "run.result": "Result",
  "run.retry": "Retry run",
  "run.cancel": "Cancel run",
  "run.cancelConfirm": "Cancel the run and withdraw what it asks",
  "run.keep": "Let it go on",
};
