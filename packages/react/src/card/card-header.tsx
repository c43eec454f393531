"use client";
import type { ComponentProps, ReactElement } from "react";
import { useNow } from "../hooks/use-now.ts";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { RiskLevel } from "../risk/risk-level.tsx";
import { AgentText } from "../text/agent-text.tsx";
import { safeUrl } from "../text/safe-url.ts";
import { visibleText } from "../text/visible-text.ts";
import { CardClaim } from "./card-claim.tsx";
import { useCard } from "./card-context.ts";
import { DeadlineTime } from "./deadline-time.tsx";
import { EscalationTime } from "./escalation-time.tsx";

/** The top of a card: risk, title, and where the request comes from. Renders a `<header>` element. */
export function CardHeader({ className, children, ...rest }: ComponentProps<"header">): ReactElement {
  const slot = useSlots();
  return (
    <header {...rest} className={slot("header", className)}>
      {children ?? (
        <>
          <CardRisk />
          <CardTitle />
          <CardMeta />
        </>
      )}
    </header>
  );
}

/** How much harm a wrong yes can do. Renders a `<span>` element. */
export function CardRisk(props: ComponentProps<"span">): ReactElement {
  const { approval } = useCard();
  return <RiskLevel {...props} risk={approval.risk} wording="long" />;
}

/** What is asked. Renders an `<h2>` element. */
export function CardTitle({ className, ...rest }: ComponentProps<"h2">): ReactElement {
  const { approval, ids } = useCard();
  const slot = useSlots();
  return (
    <h2 {...rest} id={ids.title} className={slot("title", className)} tabIndex={-1}>
      <AgentText>{approval.title}</AgentText>
    </h2>
  );
}

/** Who asked, when, for which run, until when, and who is on it. Renders a `<div>` element. */
export function CardMeta({ className, children, ...rest }: ComponentProps<"div">): ReactElement {
  const { approval } = useCard();
  const { format } = useLook();
  const slot = useSlots();
  const now = useNow();
  return (
    <div {...rest} className={slot("meta", className)}>
      {children ?? (
        <>
          <CardRequester />
          <time suppressHydrationWarning dateTime={approval.createdAt} title={format.dateTime(approval.createdAt)}>
            {format.relative(approval.createdAt, now)}
          </time>
          <CardRun />
          <CardEscalation />
          <CardDeadline />
          <CardClaim />
        </>
      )}
    </div>
  );
}

/** Who asked; nothing when nobody said. Renders a `<span>` element. */
export function CardRequester({ className, ...rest }: ComponentProps<"span">): ReactElement | null {
  const { approval } = useCard();
  const slot = useSlots();
  const t = useMessages();
  const { requestedBy } = approval;
  if (!requestedBy) return null;
  const name = (
    <b className={slot("requester-name")}>
      <AgentText>{requestedBy.name ?? requestedBy.id}</AgentText>
    </b>
  );
  return (
    <span {...rest} className={slot("requester", className)}>
      {t("card.requestedBy", { name })}
    </span>
  );
}

/** When it times out, and what happens then. Renders a `<time>` element. */
export function CardDeadline(props: ComponentProps<"time">): ReactElement {
  const { approval } = useCard();
  return <DeadlineTime {...props} approval={approval} wording="long" />;
}

/** Since when more people have been asked, or when they will be. Renders a `<time>` element, or nothing. */
export function CardEscalation(props: ComponentProps<"time">): ReactElement {
  const { approval } = useCard();
  return <EscalationTime {...props} approval={approval} />;
}

/** The run that waits, with a link where the request gave one. */
function CardRun(): ReactElement | null {
  const { source } = useCard().approval;
  const slot = useSlots();
  const t = useMessages();
  if (!source?.workflow && !source?.runId) return null;
  const text = t("card.run", { name: visibleText(source.workflow ?? source.runId ?? "") });
  const url = safeUrl(source.url);
  if (!url) return <span title={source.runId}>{text}</span>;
  return (
    <a className={slot("run-link")} href={url.href} rel="noopener noreferrer">
      {text}
    </a>
  );
}
