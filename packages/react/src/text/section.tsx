"use client";
import { type ReactElement, type ReactNode, useId } from "react";
import { useSlots } from "../look/slots.ts";

/** Props of {@link Section}. */
export interface SectionProps {
  title?: ReactNode;
  /** At the end of the title's line. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A titled part of a card. Renders a `<section>` element, or a `<div>` without a title. */
export function Section({ title, aside, children }: SectionProps): ReactElement {
  const slot = useSlots();
  const id = useId();
  if (!title) return <div className={slot("section")}>{children}</div>;
  return (
    <section className={slot("section")} aria-labelledby={id}>
      <div className={slot("label")}>
        <h3 id={id} className={slot("term")}>
          {title}
        </h3>
        {aside}
      </div>
      {children}
    </section>
  );
}
