import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

// While developing, `npm run dev` serves the page and hands everything else to a server that runs already.
const server = process.env.SAMSPIL_SERVER ?? "http://127.0.0.1:50051";
const forwarded = ["^/samspil\\..*", "/app.json", "/sign-in/", "/.well-known"];

// A phone keeps the whole page, so that a nurse can begin a visit where there is no coverage.
const offline = VitePWA({
  strategies: "injectManifest",
  srcDir: "src",
  filename: "sw.ts",
  injectRegister: false,
  injectManifest: { globPatterns: ["**/*.{js,css,html,svg,png,webmanifest}"] },
  manifest: {
    name: "Samspil – sårvurdering",
    short_name: "Samspil",
    description: "Sårvurdering på tværs af kommune, hospital og almen praksis.",
    lang: "da",
    id: "/",
    start_url: "/",
    scope: "/",
    display: "standalone",
    background_color: "#f6f7f8",
    theme_color: "#0b6e75",
    icons: [
      { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
      { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
      { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
      { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
  },
});

// js-aruco2 hangs what it has on the global object of a page, which a module has not. It gets an object of its own.
const aruco: Plugin = {
  name: "js-aruco2",
  transform(code, id) {
    const [, file] = /js-aruco2\/src\/(aruco|cv)\.js$/.exec(id) ?? [];
    if (!file) return null;
    const [name, from] =
      file === "cv" ? ["CV", "const all = {};"] : ["AR", 'import { CV } from "./cv.js"; const all = { CV };'];
    const alone = code.replace("this.CV || require('./cv').CV", "this.CV");
    return `${from} (function () { ${alone}\n}).call(all); export const ${name} = all.${name};`;
  },
};

export default defineConfig({
  plugins: [react(), aruco, offline],
  worker: { format: "es", plugins: () => [aruco] },
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
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    server: { deps: { inline: ["js-aruco2"] } },
  },
});
