"use client";
import type { Person } from "@holdpoint/core";
import type { ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { hueOf, initials, personName } from "./person-name.ts";

/** Props of {@link Avatar}. */
export interface AvatarProps {
  person: Person;
}

/** Somebody's initials in a colour of their own; decoration beside a name. Renders a `<span>` element. */
export function Avatar({ person }: AvatarProps): ReactElement {
  const slot = useSlots();
  return (
    <span className={slot("avatar")} data-hue={hueOf(person.id)} aria-hidden="true">
      {initials(personName(person))}
    </span>
  );
}
