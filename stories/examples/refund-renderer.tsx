import { type ActionBodyProps, type ActionEditorProps, ApprovalInbox, HoldpointLook } from "@holdpoint/react";

interface Refund {
  order: string;
  amount: number;
  currency: string;
}

function RefundBody({ args }: ActionBodyProps) {
  const { order, amount, currency } = args as unknown as Refund;
  const money = new Intl.NumberFormat("en", { style: "currency", currency }).format(amount);
  return (
    <p>
      <strong>{money}</strong> back to the buyer of order {order}
    </p>
  );
}

function RefundEditor({ value, onChange, errors }: ActionEditorProps) {
  const refund = value as unknown as Refund;
  const error = errors.find(({ pointer }) => pointer === "/amount");
  return (
    <label>
      Amount in {refund.currency}{" "}
      <input
        type="number"
        value={refund.amount}
        aria-invalid={error !== undefined}
        onChange={(event) => onChange({ ...refund, amount: Number(event.target.value) })}
      />
      {error?.message}
    </label>
  );
}

const renderers = { "refund.create": { Body: RefundBody, Editor: RefundEditor } };

/** An inbox that shows and edits refunds the product's own way. */
export function RefundInbox() {
  return (
    <HoldpointLook renderers={renderers}>
      <ApprovalInbox />
    </HoldpointLook>
  );
}
