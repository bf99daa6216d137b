import "./ui/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Pages } from "./app/Pages";
import { startTheme } from "./app/theme";
import { version } from "./app/version";
import { startLanguage } from "./i18n/i18n";
import { session } from "./session/session";

startTheme();
await startLanguage();
// A page that cannot even learn how to sign in says so itself.
await session.restore().catch(() => undefined);

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root");
createRoot(root).render(
  <StrictMode>
    <Pages />
  </StrictMode>,
);

// What is on the screen does not wait for what is kept for later, nor fail with it.
version.start().catch((error) => console.warn("the page is not kept for offline use", error));
