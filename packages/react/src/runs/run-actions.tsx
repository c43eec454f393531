"use client";
import { type ComponentProps, type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from "react";
import { ActionButton } from "../card/action-button.tsx";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { AgentText } from "../text/agent-text.tsx";
import { useRunView } from "./run-context.ts";

/**
 * Cancels a run that goes on, after asking once more, and retries one that failed; says why when that was not possible.
 * Where its buttons go away with the focus on them, the focus goes to the reason, or else to the run's status. Renders a
 * `<div>` element, or nothing where there is nothing to do.
 */
export function RunActions({ className, ...rest }: ComponentProps<"div">): ReactElement | null {
  const { run, error, cancel, retry, focusStatus } = useRunView();
  const slot = useSlots();
  const pressed = useRef(false);
  const reason = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (pressed.current && document.activeElement === document.body) {
      pressed.current = false;
      if (reason.current) reason.current.focus();
      else focusStatus();
    }
  });
  const canCancel = cancel && !run.finishedAt;
  const canRetry = retry && run.status === "failed";
  if (!canCancel && !canRetry && !error) return null;
  return (
    <div
      {...rest}
      className={slot("run-actions", className)}
      onClickCapture={() => {
        pressed.current = true;
      }}
    >
      {error && (
        <p ref={reason} className={slot("run-error")} role="alert" tabIndex={-1}>
          <AgentText>{error.message}</AgentText>
        </p>
      )}
      {canCancel && <CancelButton cancel={cancel} />}
      {canRetry && <RetryButton retry={retry} />}
    </div>
  );
}

function RetryButton({ retry }: { retry: () => Promise<unknown> }): ReactElement {
  const t = useMessages();
  const [busy, setBusy] = useState(false);
  const start = () => {
    setBusy(true);
    retry().then(undefined, () => setBusy(false));
  };
  return (
    <ActionButton tone="primary" busy={busy} onClick={start}>
      {t("run.retry")}
    </ActionButton>
  );
}

/** Asks before it does it; the focus stays on what is then the way out, so that pressing twice cancels nothing. */
function CancelButton({ cancel }: { cancel: () => Promise<unknown> }): ReactElement {
  const t = useMessages();
  const [stage, setStage] = useState<"untouched" | "idle" | "asking" | "busy">("untouched");
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (stage === "untouched") return;
    first.current?.focus();
    first.current?.parentElement?.scrollIntoView({ block: "nearest" });
  }, [stage]);
  const confirm = () => {
    setStage("busy");
    cancel().then(undefined, () => setStage("idle"));
  };
  const keep = () => setStage("idle");
  const keepOnEscape = (event: KeyboardEvent) => event.key === "Escape" && keep();
  if (stage === "idle" || stage === "untouched") {
    return (
      <ActionButton key="first" ref={first} onClick={() => setStage("asking")}>
        {t("run.cancel")}
      </ActionButton>
    );
  }
  return (
    <>
      {stage === "asking" && (
        <ActionButton key="first" ref={first} onClick={keep} onKeyDown={keepOnEscape}>
          {t("run.keep")}
        </ActionButton>
      )}
      <ActionButton
        tone="danger"
        busy={stage === "busy"}
        onClick={confirm}
        onKeyDown={stage === "asking" ? keepOnEscape : undefined}
      >
        {t("run.cancelConfirm")}
      </ActionButton>
    </>
  );
}
