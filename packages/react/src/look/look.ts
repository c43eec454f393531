import type { Approval, FieldError, Json } from "@holdpoint/core";
import { type ComponentType, createElement, Fragment, type ReactNode } from "react";
import { en } from "../messages/en.tsx";
import type { Messages, Translate } from "../messages/messages.ts";
import { createFormat, type Format } from "./format.ts";
import type { Slot } from "./slots.ts";

/** Props of a host's own view of an action. */
export interface ActionBodyProps {
  approval: Approval;
  args: Json;
}

/** Props of a host's own editor: controlled, and inside a form that the card submits. */
export interface ActionEditorProps {
  approval: Approval;
  value: Json;
  onChange: (value: Json) => void;
  /** What the server found wrong, by JSON pointer into the arguments. */
  errors: readonly FieldError[];
}

/** How one action is shown and edited, in place of the generic way. */
export interface ActionRenderer {
  Body?: ComponentType<ActionBodyProps>;
  Editor?: ComponentType<ActionEditorProps>;
}

/** What a host may say about how the kit looks and reads. Everything is optional. */
export interface LookOptions {
  /**
   * BCP 47 tag for dates, numbers and plurals; default the first English among the browser's languages, else `en`. Say
   * it with `messages` in another language.
   */
  locale?: string;
  /** Default: what the page says. */
  dir?: "ltr" | "rtl";
  /** IANA name; default the browser's. */
  timeZone?: string;
  /** Texts that replace the English ones. */
  messages?: Partial<Messages>;
  /** By action name. */
  renderers?: Record<string, ActionRenderer>;
  /** Extra classes per slot. */
  classNames?: Partial<Record<Slot, string>>;
  /** Default `auto`: as the system asks. */
  colorScheme?: "light" | "dark" | "auto";
  /** The clock for relative times, in ms since the epoch; default the server's as far as it is known. */
  now?: () => number;
}

/** The look as the components use it. */
export interface Look extends Pick<LookOptions, "dir" | "colorScheme" | "locale" | "now"> {
  format: Format;
  t: Translate;
  renderers: Record<string, ActionRenderer>;
  classNames: Partial<Record<Slot, string>>;
}

/** Puts `inner` over `outer`, key by key where they hold maps. */
export function mergeLook(outer: LookOptions, inner: LookOptions): LookOptions {
  return {
    ...outer,
    ...Object.fromEntries(Object.entries(inner).filter(([, value]) => value !== undefined)),
    messages: { ...outer.messages, ...inner.messages },
    renderers: { ...outer.renderers, ...inner.renderers },
    classNames: { ...outer.classNames, ...inner.classNames },
  };
}

/** Fills in the defaults. */
export function resolveLook(options: LookOptions): Look {
  const format = createFormat(options.locale, options.timeZone);
  const messages: Messages = { ...en, ...options.messages };
  const t = (key: keyof Messages, args?: unknown) => {
    const message = messages[key] as string | ((args: unknown, format: Format) => ReactNode);
    const text = typeof message === "string" ? message : message(args ?? {}, format);
    return Array.isArray(text) ? createElement(Fragment, null, ...text) : text;
  };
  const { dir, colorScheme, locale, now, renderers = {}, classNames = {} } = options;
  return { dir, colorScheme, locale, now, renderers, classNames, format, t: t as Translate };
}
