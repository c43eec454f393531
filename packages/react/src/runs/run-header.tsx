"use client";
import type { ComponentProps, ReactElement } from "react";
import { useNow } from "../hooks/use-now.ts";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { personName } from "../person/person-name.ts";
import { visibleText } from "../text/visible-text.ts";
import { useRunView } from "./run-context.ts";

/** What runs, for whom, since when, and where it stands. Renders a `<header>` element. */
export function RunHeader({ className, ...rest }: ComponentProps<"header">): ReactElement {
  const { run, titleId, name } = useRunView();
  const { format, t } = useLook();
  const slot = useSlots();
  const now = useNow();
  const { createdAt, finishedAt, owner } = run;
  return (
    <header {...rest} className={slot("run-header", className)}>
      <h2 id={titleId} className={slot("run-title")}>
        {visibleText(name ?? run.workflow)}
      </h2>
      <span className={slot("run-status")} role="status" tabIndex={-1} data-part="status" data-status={run.status}>
        {t("run.status", { status: run.status })}
      </span>
      <p className={slot("run-meta")}>
        {owner && <>{t("run.startedBy", { name: personName(owner) })} · </>}
        <time dateTime={createdAt} title={format.dateTime(createdAt)} suppressHydrationWarning>
          {format.relative(createdAt, now)}
        </time>
        {finishedAt && (
          <> · {t("run.took", { time: format.elapsed(Date.parse(finishedAt) - Date.parse(createdAt)) })}</>
        )}
        {" · "}
        {t("run.version", { version: run.version })}
      </p>
    </header>
  );
}
