import type { Compilable, CompiledQuery, Kysely, QueryResult } from "kysely";
import { LRUCache } from "lru-cache";
import type { Tables } from "../store/tables.ts";
import type { TimedQuery, Timing } from "./timing.ts";

/** Statements kept of one that is built for lists of different lengths. */
const maxShapes = 64;

/**
 * A statement that Kysely builds and compiles once for each database, and that afterwards only gets its values: on the
 * way of a decision, building would cost as much as executing. `build` sees stand-ins for the values: it can put them into
 * the statement but not look at them. Fields may be left out, at any depth, and lists may have any length: there is one
 * statement for each such shape.
 *
 * @example
 * const bodyById = prepared((db, { tenantId, id }: { tenantId: string; id: string }) =>
 *   db.selectFrom("approvals").select("body").where("tenant_id", "=", tenantId).where("id", "=", id),
 * );
 * const { rows } = await bodyById(tx.db, { tenantId, id });
 */
export function prepared<V extends object, R>(
  build: (db: Kysely<Tables>, values: V) => Compilable<R>,
): (db: Kysely<Tables>, values: V, timing?: Timing) => Promise<QueryResult<R>> {
  /** By the dialect's adapter, which all transactions and connections of a database share. */
  const compiled = new WeakMap<object, LRUCache<string, CompiledQuery<R>>>();
  const compiledFor = (db: Kysely<Tables>, values: V): CompiledQuery<R> => {
    const { adapter } = db.getExecutor();
    const shapes = compiled.get(adapter) ?? new LRUCache<string, CompiledQuery<R>>({ max: maxShapes });
    const shape = shapeOf(values);
    const known = shapes.get(shape);
    if (known) return known;
    const query = build(db, standIn(values, []) as V).compile();
    compiled.set(adapter, shapes.set(shape, query));
    return query;
  };
  return async (db, values, timing) => {
    const query = compiledFor(db, values);
    const parameters = query.parameters.map((each) => filledIn(each, values));
    const filled: TimedQuery<R> = { ...query, parameters, timing };
    return db.executeQuery(filled);
  };
}

/** Stands for a value that isn't known yet: the one at `path` in the values of each execution. */
class StandIn {
  readonly path: readonly string[];

  constructor(path: readonly string[]) {
    this.path = path;
  }

  /** Refuses to be computed with, which would freeze one execution's value, or none, into the statement. */
  [Symbol.toPrimitive](): never {
    throw new TypeError(`The value of ${this.path.join(".")} isn't known when the statement is built.`);
  }

  toJSON(): never {
    return this[Symbol.toPrimitive]();
  }
}

/** The same structure with a stand-in for every value. */
function standIn(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each, i) => standIn(each, [...path, String(i)]));
  if (!isRecord(value)) return new StandIn(path);
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(fields.map(([name, each]) => [name, standIn(each, [...path, name])]));
}

/** Says all that {@link standIn} makes a difference of: values of one shape get the same stand-ins. */
function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return shapeOfList(value);
  if (!isRecord(value)) return "";
  let shape = "{";
  for (const name in value) if (value[name] !== undefined) shape += `${name}${shapeOf(value[name])},`;
  return `${shape}}`;
}

/** Most lists are rows with the same fields, which are not to be said again for each. */
function shapeOfList(list: readonly unknown[]): string {
  let shape = "[";
  let before: string | undefined;
  for (const each of list) {
    const next = shapeOf(each);
    shape += next === before ? "=" : `${next};`;
    before = next;
  }
  return `${shape}]`;
}

/** Whether it is a structure of values; a date or some bytes are a value. */
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function filledIn(parameter: unknown, values: object): unknown {
  if (!(parameter instanceof StandIn)) return parameter;
  let value: unknown = values;
  for (const name of parameter.path) value = (value as Record<string, unknown>)[name];
  if (value === undefined) throw new TypeError(`The value of ${parameter.path.join(".")} is missing.`);
  return value;
}
