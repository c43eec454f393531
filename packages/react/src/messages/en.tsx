import type { ApprovalStatus, OnTimeout, Risk } from "@holdpoint/core";
import type { Messages } from "./messages.ts";

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
  "inbox.mineLabel": ({ count }, format) =>
    format.plural(count, { one: "# waiting for you", other: "# waiting for you" }),
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
  "card.asked": ({ approved }) => (approved ? "What was approved" : "What was asked for"),
  "card.agentMessage": "Written by the agent",
  "card.personMessage": ({ name }) => `Written by ${name}`,
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
  "stage.group": ({ name }) => `group ${name}`,
  "stage.asked": ({ names }) => `Asked: ${names}`,
  "claim.held": ({ name, own, time }) => `${own ? "You are" : `${name} is`} on it, until ${time}`,
  "claim.failed": ({ message }) => `That did not work. ${message}`,
  "escalation.since": ({ time }) => `Escalated ${time}`,
  "escalation.next": ({ time }) => `Escalates in ${time}`,
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
  "editor.itemLabel": ({ position, title }, format) => `${title || "Item"} ${format.number(position)}`,
  "action.approve": "Approve",
  "action.approveEdited": ({ approve }) => (approve ? `${approve} with changes` : "Approve with changes"),
  "action.reject": "Reject",
  "action.edit": "Edit",
  "action.stopEditing": "Stop editing",
  "action.startOver": "Start over",
  "action.answer": "Send answer",
  "action.claim": "Claim",
  "action.release": "Release",
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
  "conflict.title": ({ own }) =>
    own
      ? "You had already decided this elsewhere: this response was not counted."
      : "Someone was faster: your response was not counted.",
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
  "outcome.escalated": "(after an escalation)",
  "draft.unsent": "Not sent",
  "draft.discard": "Discard",
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
  "run.input": "Input",
  "run.output": "Output",
  "run.result": "Result",
  "run.retry": "Retry run",
  "run.cancel": "Cancel run",
  "run.cancelConfirm": "Cancel the run and withdraw what it asks",
  "run.keep": "Let it go on",
};
