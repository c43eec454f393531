"use client";
import type { ReactElement } from "react";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { Avatar } from "../person/avatar.tsx";
import { personName } from "../person/person-name.ts";
import { AgentText } from "../text/agent-text.tsx";
import { useCard } from "./card-context.ts";

/** What reviewers said when they decided, oldest first. Renders a `<ul>` element, or nothing. */
export function DecisionComments(): ReactElement | null {
  const { approval } = useCard();
  const { format } = useLook();
  const slot = useSlots();
  const said = approval.decisions.filter(({ comment }) => comment);
  if (said.length === 0) return null;
  return (
    <ul className={slot("decision-comments")}>
      {said.map(({ id, by, at, comment }) => (
        <li key={id} className={slot("decision-comment")}>
          <Avatar person={by} />
          <span className={slot("decision-comment-text")}>
            <b className={slot("stage-name")}>{personName(by)}</b>{" "}
            <time className={slot("status")} dateTime={at}>
              {format.dateTime(at)}
            </time>
            <span className={slot("paragraph")}>
              <AgentText>{comment ?? ""}</AgentText>
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
