"use client";
import type { ReactElement, ReactNode } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { AgentText } from "../text/agent-text.tsx";
import { FoldedText } from "../text/folded-text.tsx";

/** An email as it will be sent. */
export interface Email {
  from?: string;
  to: string | string[];
  cc?: string | string[];
  subject: string;
  body: string;
}

/** Props of {@link EmailView}. */
export interface EmailViewProps {
  email: Email;
}

/** An email as its reader will see it. Renders a `<div>` element. */
export function EmailView({ email }: EmailViewProps): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  return (
    <div className={slot(["panel", "email"])}>
      <dl className={slot("email-head")}>
        {email.from && <Line term={t("email.from")} values={[email.from]} />}
        <Line term={t("email.to")} values={[email.to].flat()} />
        {email.cc && <Line term={t("email.cc")} values={[email.cc].flat()} />}
        <dt className={slot("term")}>{t("email.subject")}</dt>
        <dd className={slot(["value", "email-subject"])}>
          <AgentText>{email.subject}</AgentText>
        </dd>
      </dl>
      <div className={slot("email-body")}>
        <FoldedText text={email.body} maxLines={30} prose />
      </div>
    </div>
  );
}

function Line({ term, values }: { term: ReactNode; values: string[] }): ReactElement {
  const slot = useSlots();
  return (
    <>
      <dt className={slot("term")}>{term}</dt>
      <dd className={slot("value")}>
        {values.map((value, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: addresses may repeat
          <span key={i}>
            {i > 0 && ", "}
            <AgentText>{value}</AgentText>
          </span>
        ))}
      </dd>
    </>
  );
}
