"use client";
import { type ComponentProps, type ReactElement, useState } from "react";
import { ArgumentsView } from "../arguments/arguments-view.tsx";
import { emailArguments } from "../arguments/email-arguments.ts";
import { BlockBoundary } from "../blocks/block-boundary.tsx";
import { JsonView } from "../blocks/code-view.tsx";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { AgentText } from "../text/agent-text.tsx";
import { Section } from "../text/section.tsx";
import { useCard } from "./card-context.ts";

/** What will be done or, once it has ended, was asked for, with which arguments; raw on request. Renders a `<div>` element. */
export function CardAction({ className, ...rest }: ComponentProps<"div">): ReactElement | null {
  const { approval, state } = useCard();
  const { renderers } = useLook();
  const slot = useSlots();
  const t = useMessages();
  const [raw, setRaw] = useState(false);
  const { action, outcome } = approval;
  if (!action) return null;
  const args = outcome?.args ?? action.args;
  const isOver = approval.status !== "pending" || state === "conflict";
  const Body = Object.hasOwn(renderers, action.name) ? renderers[action.name]?.Body : undefined;
  return (
    <div {...rest} className={slot("action", className)}>
      <Section
        title={
          isOver
            ? t("card.asked", { approved: outcome?.approved ?? false })
            : t(emailArguments(args) ? "card.sent" : "card.done")
        }
        aside={<Aside raw={raw} onToggle={setRaw} />}
      >
        <BlockBoundary fallback={<JsonView value={args} />}>
          {raw && <JsonView value={args} />}
          {!raw && Body && <Body approval={approval} args={args} />}
          {!raw && !Body && <ArgumentsView args={args} schema={action.schema} />}
        </BlockBoundary>
      </Section>
    </div>
  );
}

function Aside({ raw, onToggle }: { raw: boolean; onToggle: (raw: boolean) => void }): ReactElement {
  const { approval } = useCard();
  const slot = useSlots();
  const t = useMessages();
  return (
    <span className={slot("aside")}>
      <code className={slot("action-name")}>
        <AgentText>{approval.action?.name ?? ""}</AgentText>
      </code>
      <button type="button" className={slot("text-button")} aria-pressed={raw} onClick={() => onToggle(!raw)}>
        {t("argument.raw")}
      </button>
    </span>
  );
}
