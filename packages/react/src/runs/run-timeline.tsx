"use client";
import type { Run } from "@holdpoint/core";
import {
  type ComponentPropsWithoutRef,
  type ForwardedRef,
  forwardRef,
  type ReactElement,
  useCallback,
  useId,
  useRef,
} from "react";
import { type RunHandle, useRun } from "../hooks/use-run.ts";
import { HoldpointLook } from "../look/holdpoint-look.tsx";
import type { LookOptions } from "../look/look.ts";
import { useMergedRef } from "../look/merged-ref.ts";
import { useRootProps } from "../look/root-props.ts";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { RunActions } from "./run-actions.tsx";
import { type RunContextValue, RunViewContext } from "./run-context.ts";
import { RunHeader } from "./run-header.tsx";
import { RunInput } from "./run-input.tsx";
import { RunResult } from "./run-result.tsx";
import { runState } from "./run-state.ts";
import { RunSteps } from "./run-steps.tsx";

interface CommonProps
  extends ComponentPropsWithoutRef<"section">,
    Pick<LookOptions, "messages" | "classNames">,
    Pick<RunContextValue, "name" | "renderApproval" | "renderRun"> {}

/** A run by its id, read through the provider around and kept current. */
export interface ConnectedTimelineProps extends CommonProps {
  runId: string;
  run?: undefined;
}

/** A run that the host holds; needs no provider. */
export interface GivenTimelineProps extends CommonProps, Pick<RunHandle, "cancel" | "retry"> {
  run: Run;
  runId?: undefined;
}

/** Props of {@link RunTimeline}. */
export type RunTimelineProps = ConnectedTimelineProps | GivenTimelineProps;

const TimelineRoot = forwardRef<HTMLElement, RunTimelineProps>(function RunTimeline(props, ref): ReactElement {
  const { messages, classNames, ...rest } = props;
  return (
    <HoldpointLook messages={messages} classNames={classNames}>
      {rest.run ? <GivenTimeline {...rest} forwardedRef={ref} /> : <ConnectedTimeline {...rest} forwardedRef={ref} />}
    </HoldpointLook>
  );
});

interface Forwarded {
  forwardedRef: ForwardedRef<HTMLElement>;
}

function ConnectedTimeline({ runId, forwardedRef, ...rest }: ConnectedTimelineProps & Forwarded): ReactElement {
  return <TimelineFrame {...rest} ref={forwardedRef} handle={useRun(runId)} connected />;
}

function GivenTimeline(props: GivenTimelineProps & Forwarded): ReactElement {
  const { run, cancel, retry, forwardedRef, ...rest } = props;
  return (
    <TimelineFrame {...rest} ref={forwardedRef} handle={{ status: "ready", run, cancel, retry }} connected={false} />
  );
}

interface FrameProps extends CommonProps {
  handle: RunHandle;
  connected: boolean;
}

const TimelineFrame = forwardRef<HTMLElement, FrameProps>(function TimelineFrame(props, ref) {
  const { handle, connected, name, renderApproval, renderRun, className, children, ...rest } = props;
  const slot = useSlots();
  const titleId = useId();
  const own = useRef<HTMLElement>(null);
  const root = useMergedRef(own, ref);
  const focusStatus = useCallback(() => own.current?.querySelector<HTMLElement>("[data-part=status]")?.focus(), []);
  const rootProps = useRootProps();
  const { run } = handle;
  const state = runState(handle);
  return (
    <section
      aria-labelledby={run ? titleId : undefined}
      {...rootProps}
      {...rest}
      ref={root}
      className={slot(["root", "run"], className)}
      data-state={state}
      aria-busy={state === "loading" || undefined}
    >
      {run ? (
        <RunViewContext.Provider
          value={{ ...handle, run, titleId, focusStatus, connected, name, renderApproval, renderRun }}
        >
          {children ?? (
            <>
              <RunHeader />
              <RunInput />
              <RunSteps />
              <RunResult />
              <RunActions />
            </>
          )}
        </RunViewContext.Provider>
      ) : (
        <NoRun handle={handle} />
      )}
    </section>
  );
});

function NoRun({ handle }: { handle: RunHandle }): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  const state = runState(handle);
  return (
    <p className={slot("empty")} role={state === "error" ? "alert" : undefined}>
      {state === "loading" && t("run.loading")}
      {state === "not_found" && t("run.notFound")}
      {state === "error" && t("run.failed", { message: handle.error?.message ?? "" })}
    </p>
  );
}

/**
 * One run: what it did, what it waits for, and how it ended. Renders a `<section>` element.
 *
 * Its parts can be rearranged as children: `<RunTimeline runId={id}><RunTimeline.Steps />...`.
 */
export const RunTimeline = Object.assign(TimelineRoot, {
  Header: RunHeader,
  Input: RunInput,
  Steps: RunSteps,
  Result: RunResult,
  Actions: RunActions,
});
