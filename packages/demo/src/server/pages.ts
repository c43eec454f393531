import { existsSync } from "node:fs";
import { join } from "node:path";
import express, { Router } from "express";

/**
 * Serves the built browser code; every address that isn't a file is a page of it.
 *
 * @param folder what the client's build wrote
 */
export function pages(folder: string): Router {
  if (!existsSync(join(folder, "index.html"))) {
    throw new Error(`There are no built pages in ${folder}; run "npm run build" first.`);
  }
  const router = Router();
  router.use("/assets", express.static(join(folder, "assets"), { immutable: true, maxAge: "1y", fallthrough: false }));
  router.get("/{*page}", (_request, response) => {
    response.sendFile("index.html", { root: folder, headers: { "cache-control": "no-cache" } });
  });
  return router;
}
