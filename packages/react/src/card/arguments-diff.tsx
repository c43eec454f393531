"use client";
import type { Json, JsonSchema } from "@holdpoint/core";
import type { ReactElement } from "react";
import { argumentValue } from "../arguments/argument-value.ts";
import { ArgumentValueView } from "../arguments/argument-value-view.tsx";
import { type ChangedArgument, changedArguments } from "../arguments/changed-arguments.ts";
import { DiffView } from "../blocks/diff-view.tsx";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { AgentText } from "../text/agent-text.tsx";

/** Props of {@link ArgumentsDiff}. */
export interface ArgumentsDiffProps {
  before: Json | undefined;
  after: Json | undefined;
  schema?: JsonSchema;
}

/** What differs between two versions of an action's arguments, argument by argument. Renders a `<div>` element. */
export function ArgumentsDiff({ before, after, schema }: ArgumentsDiffProps): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  const changes = changedArguments(before, after, schema);
  if (changes.length === 0) return <p className={slot("status")}>{t("diff.none")}</p>;
  return (
    <div className={slot("panel")}>
      {changes.map((change) => (
        <div key={change.pointer} className={slot("change")}>
          <span className={slot("diff-title")}>
            <AgentText>{change.label}</AgentText>
          </span>
          <Change change={change} />
        </div>
      ))}
    </div>
  );
}

function Change({ change: { before, after } }: { change: ChangedArgument }): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  if (isText(before) && isText(after)) return <DiffView before={before ?? ""} after={after ?? ""} />;
  return (
    <div className={slot("change-values")}>
      <del className={slot("change-before")}>
        <span className={slot("hidden")}>{t("diff.removed")} </span>
        <ArgumentValueView value={argumentValue(before)} />
      </del>
      <ins className={slot("change-after")}>
        <span className={slot("hidden")}>{t("diff.added")} </span>
        <ArgumentValueView value={argumentValue(after)} />
      </ins>
    </div>
  );
}

function isText(value: Json | undefined): value is string | undefined {
  return value === undefined || typeof value === "string";
}
