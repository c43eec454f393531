"use client";
import type { Json, JsonSchema } from "@holdpoint/core";
import type { ReactElement } from "react";
import { EmailView } from "../blocks/email-view.tsx";
import { useSlots } from "../look/slots.ts";
import { argumentFields, argumentValue, objectOf } from "./argument-value.ts";
import { ArgumentList, ArgumentValueView } from "./argument-value-view.tsx";
import { emailArguments } from "./email-arguments.ts";

/** Props of {@link ArgumentsView}. */
export interface ArgumentsViewProps {
  args: Json;
  schema?: JsonSchema;
}

/** An action's arguments as a person reads them: an email as an email, anything else by name and type. */
export function ArgumentsView({ args, schema }: ArgumentsViewProps): ReactElement {
  const slot = useSlots();
  const email = emailArguments(args);
  const fields = argumentFields(email ? email.rest : (objectOf(args) ?? {}), schema);
  return (
    <div className={slot("arguments")}>
      {email && <EmailView email={email.email} />}
      {fields.length > 0 && (
        <div className={slot("panel")}>
          <ArgumentList fields={fields} />
        </div>
      )}
      {!email && fields.length === 0 && (
        <div className={slot(["panel", "text-block"])}>
          <ArgumentValueView value={argumentValue(args, schema)} />
        </div>
      )}
    </div>
  );
}
