export {
  ApprovalCard,
  type ApprovalCardProps,
  type ConnectedCardProps,
  type GivenCardProps,
} from "./card/approval-card.tsx";
export { type CardContextValue, type CardVariant, useCard } from "./card/card-context.ts";
export { type CardState, cardStates } from "./card/card-state.ts";
export type { Obstacle } from "./card/obstacle.ts";
export type { Ability } from "./hooks/ability.ts";
export { HoldpointProvider, type HoldpointProviderProps } from "./hooks/holdpoint-provider.tsx";
export { type ProvidedStore, type ResponseListener, useStore } from "./hooks/store-context.ts";
export { type ApprovalHandle, type UseApproval, useApproval } from "./hooks/use-approval.ts";
export { type UseApprovals, useApprovals } from "./hooks/use-approvals.ts";
export { type UseConnection, useConnection } from "./hooks/use-connection.ts";
export { useCounts } from "./hooks/use-counts.ts";
export { type Deadline, useDeadline } from "./hooks/use-deadline.ts";
export { type UseDraft, useDraft } from "./hooks/use-draft.ts";
export type { OnRespond } from "./hooks/use-given-approval.ts";
export { useNow } from "./hooks/use-now.ts";
export { type RunHandle, type UseRun, useRun } from "./hooks/use-run.ts";
export { ApprovalInbox, type ApprovalInboxProps } from "./inbox/approval-inbox.tsx";
export { type InboxContextValue, useInbox } from "./inbox/inbox-context.ts";
export type { InboxFilter } from "./inbox/inbox-filter.ts";
export type { InboxItemProps } from "./inbox/inbox-item.tsx";
export type { InboxListProps } from "./inbox/inbox-list.tsx";
export type { InboxModelInput } from "./inbox/use-inbox-model.ts";
export type { Format, PluralForms } from "./look/format.ts";
export { HoldpointLook, type HoldpointLookProps } from "./look/holdpoint-look.tsx";
export type { ActionBodyProps, ActionEditorProps, ActionRenderer, Look, LookOptions } from "./look/look.ts";
export { useLook } from "./look/look-context.ts";
export { type Slot, slots } from "./look/slots.ts";
export { en } from "./messages/en.tsx";
export type { MessageArgs, MessageKey, MessageResult, Messages, Translate } from "./messages/messages.ts";
export { type RunContextValue, useRunView } from "./runs/run-context.ts";
export type { RunState } from "./runs/run-state.ts";
export {
  type ConnectedTimelineProps,
  type GivenTimelineProps,
  RunTimeline,
  type RunTimelineProps,
} from "./runs/run-timeline.tsx";
