import { type Command, parseFlags } from "./command.ts";
import { loadConfigFile } from "./config-file.ts";
import { databaseOf } from "./database-setting.ts";

const flags = { database: { type: "string" }, config: { type: "string" } } as const;

/** Brings the schema of the database up to date, for those who do so before they start a new release. */
export const migrateCommand: Command = {
  name: "migrate",
  usage: "[--database sqlite:./holdpoint.db] [--config holdpoint.config.ts]",
  summary: "bring the database's schema up to date and stop",
  async run(args, environment) {
    const { database, config } = parseFlags(args, flags);
    const { openStore } = await import("../store/open-store.ts");
    const store = await openStore({ database: databaseOf(database, environment, await loadConfigFile(config)) });
    await store.close();
    process.stdout.write("The database is up to date.\n");
  },
};
