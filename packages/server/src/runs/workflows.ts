import { approvalTimingSchema, HoldpointError, parse, type Workflow, withoutUndefined } from "@holdpoint/core";

/** The workflows that this process has the code of, by name and version. */
export interface Workflows {
  /** The definition in exactly that version. */
  find(name: string, version: number): Workflow | undefined;
  /** The highest version, which new runs start with. */
  latest(name: string): Workflow | undefined;
  readonly all: readonly Workflow[];
}

/**
 * Indexes definitions.
 *
 * @throws {HoldpointError} `invalid_request` when a name or version can't be used, or two share both
 */
export function workflowsOf(definitions: readonly Workflow[]): Workflows {
  const byVersion = new Map<string, Workflow>();
  const latest = new Map<string, Workflow>();
  for (const definition of definitions) {
    const id = identify(definition);
    if (byVersion.has(id)) throw new HoldpointError("invalid_request", `Workflow ${id} is defined twice.`);
    byVersion.set(id, definition);
    if (definition.version > (latest.get(definition.name)?.version ?? 0)) latest.set(definition.name, definition);
  }
  return {
    find: (name, version) => byVersion.get(`${name}@${version}`),
    latest: (name) => latest.get(name),
    all: [...byVersion.values()],
  };
}

function identify({ name, version, defaults = {} }: Workflow): string {
  if (name.trim() === "" || name.length > 200) {
    throw new HoldpointError("invalid_request", "A workflow's name must be 1 to 200 characters.");
  }
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new HoldpointError("invalid_request", `Workflow ${name}: version must be a whole number from 1.`);
  }
  const { ladder, timeout, onTimeout, businessHours } = defaults;
  const timing = { ladder, timeout, onTimeout: timeout && onTimeout, businessHours };
  parse(approvalTimingSchema, withoutUndefined(timing), `defaults of ${name}`);
  return `${name}@${version}`;
}
