import { fileURLToPath } from "node:url";
import { startAcmeOps } from "./app.ts";
import { modelDrafter } from "./drafts/model-drafter.ts";
import { templateDrafter } from "./drafts/template-drafter.ts";
import { readSettings } from "./settings.ts";

const clientFolder = fileURLToPath(new URL("../../dist/pages", import.meta.url));

try {
  const { model, ...settings } = readSettings(process.env);
  const drafter = model ? modelDrafter(model) : templateDrafter;
  const acmeOps = await startAcmeOps({ ...settings, drafter, model, clientFolder });
  console.log(`Acme Ops is running at ${acmeOps.url}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void acmeOps.stop().then(() => process.exit(0));
    });
  }
} catch (error) {
  console.error(isPortTaken(error) ? `${error.message}. Choose another port: PORT=4001 npm start` : messageOf(error));
  process.exit(1);
}

function isPortTaken(error: unknown): error is Error {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

function messageOf(error: unknown): unknown {
  return error instanceof Error ? error.message : error;
}
