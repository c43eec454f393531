"use client";
import type { Json } from "@holdpoint/core";
import type { ComponentProps, KeyboardEvent, ReactElement } from "react";
import { inferredSchema } from "../forms/inferred-schema.ts";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { Section } from "../text/section.tsx";
import { useCard } from "./card-context.ts";
import { EditorForm, HostForm } from "./editor-form.tsx";

/** Where the viewer edits the arguments or answers the question. Renders a `<div>` element, or nothing while reading. */
export function CardEditor({ className, ...rest }: ComponentProps<"div">): ReactElement | null {
  const { approval, editing, ability } = useCard();
  const slot = useSlots();
  const answering = ability.allow.includes("answer");
  if (!answering && !(editing && approval.action)) return null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only keeps Enter in a field from submitting
    <div {...rest} className={slot("editor", className)} onKeyDown={submitOnPurpose}>
      {answering ? <AnswerEditor /> : <ArgumentsEditor />}
    </div>
  );
}

/** Enter in a field would submit its form; a decision takes a button, or Ctrl or Cmd with Enter. */
function submitOnPurpose(event: KeyboardEvent<HTMLElement>): void {
  const { target } = event;
  if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
  if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return;
  if (event.ctrlKey || event.metaKey) target.form?.requestSubmit();
  if (event.ctrlKey || event.metaKey || target instanceof HTMLInputElement) event.preventDefault();
}

function AnswerEditor(): ReactElement {
  const { approval, draft, updateDraft, submit, submitting, fieldErrors, ids } = useCard();
  const t = useMessages();
  return (
    <Section title={t("card.answer")}>
      <EditorForm
        id={ids.form}
        schema={approval.form ?? { type: "string" }}
        value={draft.answer}
        json={draft.json}
        errors={fieldErrors}
        busy={submitting !== undefined}
        defaults
        onChange={(answer) => updateDraft({ answer, json: undefined })}
        onJson={(json) => updateDraft({ json })}
        onSubmit={(answer) => submit("answer", answer)}
      />
    </Section>
  );
}

function ArgumentsEditor(): ReactElement | null {
  const { approval, attempt, draft, updateDraft, submit, submitting, fieldErrors, ids } = useCard();
  const { renderers } = useLook();
  const t = useMessages();
  const { action } = approval;
  if (!action) return null;
  const value = draft.args ?? action.args;
  const onChange = (args: Json | undefined) => updateDraft({ args, json: undefined });
  const Editor = Object.hasOwn(renderers, action.name) ? renderers[action.name]?.Editor : undefined;
  return (
    <Section title={t("editor.title")}>
      {Editor ? (
        <HostForm key={attempt} id={ids.form} onSubmit={() => submit("edit", value)}>
          <Editor approval={approval} value={value} onChange={onChange} errors={fieldErrors} />
        </HostForm>
      ) : (
        <EditorForm
          key={attempt}
          id={ids.form}
          schema={action.schema ?? inferredSchema(action.args)}
          value={value}
          json={draft.json}
          errors={fieldErrors}
          busy={submitting !== undefined}
          onChange={onChange}
          onJson={(json) => updateDraft({ json })}
          onSubmit={(args) => submit("edit", args)}
        />
      )}
    </Section>
  );
}
