"use client";
import { Fragment, type ReactElement } from "react";
import { LinkView } from "../blocks/link-view.tsx";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { AgentText } from "../text/agent-text.tsx";
import { FoldedText } from "../text/folded-text.tsx";
import type { ArgumentField, ArgumentValue } from "./argument-value.ts";

/** Props of {@link ArgumentValueView}. */
export interface ArgumentValueViewProps {
  value: ArgumentValue;
}

/** One value, in the reader's language. */
export function ArgumentValueView({ value }: ArgumentValueViewProps): ReactElement {
  const { format, t } = useLook();
  const slot = useSlots();
  switch (value.kind) {
    case "none":
      return <span className={slot("status")}>{t("argument.none")}</span>;
    case "number":
      return <>{format.number(value.number)}</>;
    case "money":
      return <>{format.money(value.amount, value.currency)}</>;
    case "boolean":
      return <>{t("argument.boolean", { value: value.value })}</>;
    case "date":
      return <time dateTime={value.text}>{format.date(value.text)}</time>;
    case "date_time":
      return <time dateTime={value.text}>{format.dateTime(value.text)}</time>;
    case "link":
      return <LinkView url={value.text} label={value.text} />;
    case "text":
      return <AgentText>{value.text}</AgentText>;
    case "long_text":
      return <FoldedText text={value.text} maxLines={20} />;
    case "list":
      return <ListView items={value.items} />;
    case "fields":
      return <ArgumentList fields={value.fields} />;
  }
}

function ListView({ items }: { items: ArgumentValue[] }): ReactElement {
  const slot = useSlots();
  if (items.length <= 3 && items.every(isShort)) {
    return (
      <>
        {items.map((item, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity but their place
          <Fragment key={i}>
            {i > 0 && ", "}
            <ArgumentValueView value={item} />
          </Fragment>
        ))}
      </>
    );
  }
  return (
    <ul className={slot("value-list")}>
      {items.map((item, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity but their place
        <li key={i}>
          <ArgumentValueView value={item} />
        </li>
      ))}
    </ul>
  );
}

/** Whether a value can stand in a line with others. */
function isShort(value: ArgumentValue): boolean {
  if ("text" in value) return value.text.length < 40 && value.kind !== "long_text";
  return value.kind !== "fields" && value.kind !== "list";
}

/** Props of {@link ArgumentList}. */
export interface ArgumentListProps {
  fields: ArgumentField[];
}

/** Arguments under their names. Renders a `<dl>` element. */
export function ArgumentList({ fields }: ArgumentListProps): ReactElement {
  const slot = useSlots();
  return (
    <dl className={slot("argument-list")}>
      {fields.map(({ name, label, value }) => (
        <div key={name} className={slot("argument")} data-kind={value.kind}>
          <dt className={slot("term")}>
            <AgentText>{label}</AgentText>
          </dt>
          <dd className={slot("value")}>
            <ArgumentValueView value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
