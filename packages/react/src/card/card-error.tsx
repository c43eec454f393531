"use client";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { ActionButton } from "./action-button.tsx";
import { type CardContextValue, useCard } from "./card-context.ts";
import { stageProgress } from "./stage-progress.ts";
import { useOwnFocus } from "./use-own-focus.ts";

/**
 * What the viewer should know before responding: what went wrong with the last try, what is in the way, why responding
 * isn't possible. Renders a `<div>` element, or nothing.
 */
export function CardError({ className, ...rest }: ComponentProps<"div">): ReactElement | null {
  const card = useCard();
  const slot = useSlots();
  const text = useNoticeText(card);
  const ref = useOwnFocus<HTMLDivElement>();
  if (!text) return null;
  const urgent = card.state === "error" || card.obstacle !== undefined;
  return (
    <div
      {...rest}
      ref={card.state === "waiting" || card.state === "blocked" ? ref : undefined}
      id={card.ids.notice}
      className={slot("notice", className)}
      role={urgent ? "alert" : "status"}
      data-tone={urgent ? "danger" : "plain"}
      tabIndex={-1}
    >
      <p className={slot("notice-text")}>{text}</p>
      <NoticeAction />
    </div>
  );
}

function NoticeAction(): ReactElement | null {
  const { state, error, retry, acknowledgeChange, approval, seen } = useCard();
  const t = useMessages();
  if (state === "changed") {
    const isHere = approval.digest !== seen.digest;
    return isHere ? <ActionButton onClick={acknowledgeChange}>{t("action.seenChange")}</ActionButton> : null;
  }
  const canRetry = state === "error" && error && ["unavailable", "internal", "rate_limited"].includes(error.code);
  return canRetry ? <ActionButton onClick={retry}>{t("action.retry")}</ActionButton> : null;
}

function useNoticeText(card: CardContextValue): ReactNode {
  const t = useMessages();
  const { state, obstacle, error, ability, seen, approval, fieldErrors } = card;
  switch (state) {
    case "blocked":
      return t("blocked.reason", ability.blocked ?? error ?? { code: "forbidden", message: "" });
    case "offline":
      return t("blocked.offline");
    case "changed":
      return t(seen.digest === approval.digest ? "changed.reload" : "changed.title");
    case "submitting":
      return null;
  }
  if (obstacle?.reason === "expand") return t("blocked.expand", { count: obstacle.folded });
  if (obstacle?.reason === "comment") return t("comment.required");
  if (obstacle?.reason === "unchanged") return t("blocked.unchanged");
  if (state === "error" && fieldErrors.length > 0) return t("error.fields", { count: fieldErrors.length });
  if (state === "error" && error) return t("error.submit", error);
  return state === "waiting" ? t("waiting.others", progressOf(card)) : null;
}

/** How far the current stage is, if the viewer's own approval is part of it. */
function progressOf({ approval, viewer }: CardContextValue): { approved: number; needed: number | undefined } {
  const current = stageProgress(approval).find(({ standing }) => standing === "current");
  const isPart = current?.approvals.some(({ by }) => by.id === viewer?.id);
  return { approved: current?.approvals.length ?? 0, needed: isPart ? current?.needed : undefined };
}
