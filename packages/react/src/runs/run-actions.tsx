"use client";
import { type ComponentProps, type ReactElement, useRef, useState } from "react";
import { ActionButton } from "../card/action-button.tsx";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { useRunView } from "./run-context.ts";

/**
 * Cancels a run that goes on, after asking once more, and retries one that failed. Renders a `<div>` element, or nothing
 * where there is nothing to do.
 */
export function RunActions({ className, ...rest }: ComponentProps<"div">): ReactElement | null {
  const { run, error, cancel, retry } = useRunView();
  const slot = useSlots();
  const canCancel = cancel && !run.finishedAt;
  const canRetry = retry && run.status === "failed";
  if (!canCancel && !canRetry) return null;
  return (
    <div {...rest} className={slot("run-actions", className)}>
      {error && (
        <p className={slot("run-error")} role="alert">
          {error.message}
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

/** Asks before it does it; the focus stays where the question is. */
function CancelButton({ cancel }: { cancel: () => Promise<unknown> }): ReactElement {
  const t = useMessages();
  const [stage, setStage] = useState<"idle" | "asking" | "busy">("idle");
  const button = useRef<HTMLButtonElement>(null);
  const confirm = () => {
    setStage("busy");
    cancel().then(undefined, () => setStage("idle"));
  };
  const keep = () => {
    setStage("idle");
    button.current?.focus();
  };
  return (
    <>
      <ActionButton
        ref={button}
        tone={stage === "idle" ? "plain" : "danger"}
        busy={stage === "busy"}
        onClick={stage === "asking" ? confirm : () => setStage("asking")}
      >
        {stage === "idle" ? t("run.cancel") : t("run.cancelConfirm")}
      </ActionButton>
      {stage === "asking" && <ActionButton onClick={keep}>{t("run.keep")}</ActionButton>}
    </>
  );
}
