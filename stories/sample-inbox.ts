import {
  deleteCustomer,
  deployment,
  failoverQuestion,
  outreachEmail,
  people,
  publishArticle,
  refund,
  type Seed,
  warehouseSql,
} from "@holdpoint/react/testing";

/** Seven requests of an ordinary day; those that need several people have had some of them. */
export const ordinaryDay: readonly Seed[] = [
  { request: outreachEmail, age: "2m", decisions: [{ by: people.kim, type: "approve", ago: "1m" }] },
  { request: refund, age: "6m" },
  { request: failoverQuestion, age: "18m" },
  { request: deleteCustomer, age: "41m", decisions: [{ by: people.mia, type: "approve", ago: "20m" }] },
  { request: publishArticle, age: "2h", decisions: [{ by: people.kim, type: "approve", ago: "1h" }] },
  { request: warehouseSql, age: "3h" },
  { request: deployment, age: "5h" },
];

/** A thousand refunds in a queue, oldest last. */
export const thousandRefunds: readonly Seed[] = Array.from({ length: 1_000 }, (_, i) => ({
  request: { ...refund, title: `Refund order ${50_000 - i}`, timeout: "30d" },
  age: `${i + 1}m`,
}));
