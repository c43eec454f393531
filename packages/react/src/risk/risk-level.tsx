"use client";
import type { Risk } from "@holdpoint/core";
import type { ComponentProps, ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";

/** Props of {@link RiskLevel}. */
export interface RiskLevelProps extends ComponentProps<"span"> {
  risk: Risk;
  /** `long` says "High risk" where `short` says "High". Default `short`. */
  wording?: "short" | "long";
}

const levels: Risk[] = ["low", "medium", "high", "critical"];

/** How much harm a wrong yes can do, as four bars and a word. Renders a `<span>` element. */
export function RiskLevel({ risk, wording = "short", className, ...rest }: RiskLevelProps): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  return (
    <span {...rest} className={slot("risk", className)} data-risk={risk}>
      <span className={slot("risk-bars")} aria-hidden="true">
        {levels.map((level, i) => (
          <span key={level} className={slot("risk-bar")} data-lit={i <= levels.indexOf(risk) || undefined} />
        ))}
      </span>
      {t(`risk.${wording}`, { risk })}
    </span>
  );
}
