"use client";
import type { ComponentProps, ReactElement } from "react";
import type { Claim } from "../hooks/use-claim.ts";
import { useNow } from "../hooks/use-now.ts";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { personName } from "../person/person-name.ts";

/** Props of {@link ClaimNote}. */
export interface ClaimNoteProps extends ComponentProps<"time"> {
  claim: Claim;
}

/** Who is on it, until when. Renders a `<time>` element. */
export function ClaimNote({ claim, className, ...rest }: ClaimNoteProps): ReactElement {
  const slot = useSlots();
  const { format, t } = useLook();
  const today = format.date(new Date(useNow()).toISOString());
  const { by, until, own } = claim;
  const time = format.date(until) === today ? format.time(until) : format.dateTime(until);
  return (
    <time
      suppressHydrationWarning
      {...rest}
      className={slot("claim-note", className)}
      dateTime={until}
      title={format.dateTime(until)}
    >
      {t("claim.held", { name: personName(by), own, time })}
    </time>
  );
}
