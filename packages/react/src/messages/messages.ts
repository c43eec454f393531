import type { ApprovalStatus, ErrorCode, OnTimeout, OutcomeStatus, Risk } from "@holdpoint/core";
import type { ReactNode } from "react";
import type { Format } from "../look/format.ts";

type None = Record<never, never>;

/** Every text of the kit and what it is told. Keys that end in "label" or "placeholder" go into attributes. */
export interface MessageArgs {
  "inbox.title": None;
  "inbox.mineLabel": { count: number };
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
  /** In the place of `card.done` and `card.sent` once the approval has ended. */
  "card.asked": { approved: boolean };
  "card.agentMessage": None;
  "card.personMessage": { name: string };
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
  "stage.group": { name: string };
  "stage.asked": { names: string };
  /** `time` is when the claim ends: "2:05 PM". */
  "claim.held": { name: string; own: boolean; time: string };
  "claim.failed": { code: ErrorCode; message: string };
  /** `time` is how long ago: "2 min. ago". */
  "escalation.since": { time: string };
  "escalation.next": { time: string };
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
  /** `title` is what the schema calls each item. */
  "editor.itemLabel": { position: number; title: string | undefined };
  "action.approve": None;
  "action.approveEdited": { approve: string | undefined };
  "action.reject": None;
  "action.edit": None;
  "action.stopEditing": None;
  "action.startOver": None;
  "action.answer": None;
  "action.claim": None;
  "action.release": None;
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
  /** `own` when it was the viewer who had decided, in another window or by another way. */
  "conflict.title": { own: boolean };
  "error.submit": { code: ErrorCode; message: string };
  "error.fields": { count: number };
  "outcome.title": { status: OutcomeStatus; names: string | undefined; edited: boolean };
  "outcome.timedOut": { approved: boolean; rejected: boolean };
  "outcome.escalated": None;
  "draft.unsent": None;
  "draft.discard": None;
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
