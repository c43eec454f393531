"use client";
import { type ComponentType, type ReactElement, useEffect } from "react";
import { HoldpointProvider } from "../hooks/holdpoint-provider.tsx";
import { createFakeTransport, type FakeTransport, type FakeTransportOptions } from "./fake-transport.ts";

/** What a story says about its server, as `parameters.holdpoint`. */
export type HoldpointParameters = FakeTransportOptions;

/** The part of a Storybook story's context that is used here. */
export interface StoryContext {
  parameters: { holdpoint?: HoldpointParameters };
  loaded: Record<string, unknown>;
}

/** A Storybook loader that gives each story a fake server of its own. */
export function holdpointLoader({ parameters }: Pick<StoryContext, "parameters">): { holdpoint: FakeTransport } {
  return { holdpoint: createFakeTransport(parameters.holdpoint) };
}

/** A Storybook decorator that puts a provider around a story, on the fake server of {@link holdpointLoader}. */
export function holdpointDecorator(Story: ComponentType, context: StoryContext): ReactElement {
  return (
    <FakeServer transport={fakeTransportOf(context)}>
      <Story />
    </FakeServer>
  );
}

/**
 * The fake server of a story, for its `beforeEach` and `play`.
 *
 * @throws {Error} without {@link holdpointLoader} among the story's loaders
 */
export function fakeTransportOf({ loaded }: Pick<StoryContext, "loaded">): FakeTransport {
  if (loaded.holdpoint) return loaded.holdpoint as FakeTransport;
  throw new Error("This story has no fake server: add holdpointLoader to its loaders.");
}

function FakeServer({ transport, children }: { transport: FakeTransport; children: ReactElement }): ReactElement {
  useEffect(() => () => transport.dispose(), [transport]);
  return (
    <HoldpointProvider transport={transport} draftStorage={null}>
      {children}
    </HoldpointProvider>
  );
}
