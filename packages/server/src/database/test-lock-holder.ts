import { openStore } from "../store/open-store.ts";

/** Opens the store whose URL is the first argument, says so or why not, and keeps it until it is ended. */
try {
  await openStore({ database: process.argv[2] ?? "" });
  process.stdout.write("open\n");
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : error}\n`);
}
