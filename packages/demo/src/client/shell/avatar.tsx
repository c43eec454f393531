import type { ReactElement } from "react";

/** A person's initials in a circle; decoration beside their name. */
export function Avatar({ name }: { name: string }): ReactElement {
  const initials = name
    .split(" ")
    .map((part) => part[0])
    .join("");
  return (
    <span className="avatar" data-tone={name.length % 4} aria-hidden="true">
      {initials}
    </span>
  );
}
