import { isDuration, type Role, roles } from "@holdpoint/core";
import { sessionTokens } from "../identity/session-tokens.ts";
import { type Command, parseFlags } from "./command.ts";
import { requireSecret } from "./environment.ts";
import { UsageError } from "./usage-error.ts";

const flags = {
  sub: { type: "string" },
  name: { type: "string" },
  tenant: { type: "string" },
  groups: { type: "string" },
  role: { type: "string" },
  "expires-in": { type: "string" },
} as const;

/** Prints a session token, for trying things out and for scripts. */
export const tokenCommand: Command = {
  name: "token",
  usage: "--sub ID [--tenant default] [--role reviewer] [--name NAME] [--groups a,b] [--expires-in 12h]",
  summary: "print a session token signed with HOLDPOINT_SECRET",
  async run(args, environment) {
    const { sub, name, tenant, groups, role, "expires-in": expiresIn } = parseFlags(args, flags);
    if (!sub) throw new UsageError("A token needs --sub: the id of the person or service that it is for.");
    if (expiresIn !== undefined && !isDuration(expiresIn)) {
      throw new UsageError(`--expires-in "${expiresIn}" is not a duration; write it like 30m, 12h or 7d.`);
    }
    const tokens = sessionTokens({ secret: requireSecret(environment) });
    const token = await tokens.issue({ sub, name, tenant, groups: groups?.split(","), role: toRole(role), expiresIn });
    process.stdout.write(`${token}\n`);
  },
};

function toRole(text: string | undefined): Role | undefined {
  if (text === undefined) return undefined;
  const role = roles.find((name) => name === text);
  if (!role) throw new UsageError(`--role "${text}" is none of ${roles.join(", ")}.`);
  return role;
}
