import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Builds the pages of Acme Ops to `dist/pages`, where the server finds them. No inlined assets: the policy forbids them. */
export default defineConfig({
  root: "src/client",
  plugins: [react()],
  build: { outDir: "../../dist/pages", emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
