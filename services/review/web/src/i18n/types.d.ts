import type app from "../../locales/da/app.json";
import type reasons from "../../locales/da/reasons.json";
import type terms from "../../locales/da/terms.json";

/** The texts that there are, so that the compiler finds one that there is not. Each namespace is added here. */
interface Texts {
  app: typeof app;
  reasons: typeof reasons;
  terms: typeof terms;
}

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "app";
    resources: Texts;
  }
}
