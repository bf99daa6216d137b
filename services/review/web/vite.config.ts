import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// While developing, `npm run dev` serves the page and hands everything else to a server that runs already.
const server = process.env.SAMSPIL_SERVER ?? "http://127.0.0.1:50051";
const forwarded = ["^/samspil\\..*", "/app.json", "/sign-in", "/.well-known"];

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    // The policy of the server allows no inline script, and no data: but pictures.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    sourcemap: false,
  },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(forwarded.map((path) => [path, { target: server }])),
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
