import type actions from "../../locales/da/actions.json";
import type answer from "../../locales/da/answer.json";
import type app from "../../locales/da/app.json";
import type caseTexts from "../../locales/da/case.json";
import type citizen from "../../locales/da/citizen.json";
import type nurse from "../../locales/da/nurse.json";
import type outbox from "../../locales/da/outbox.json";
import type picture from "../../locales/da/picture.json";
import type print from "../../locales/da/print.json";
import type queue from "../../locales/da/queue.json";
import type reasons from "../../locales/da/reasons.json";
import type story from "../../locales/da/story.json";
import type terms from "../../locales/da/terms.json";
import type visit from "../../locales/da/visit.json";

/** The texts that there are, so that the compiler finds one that there is not. Each namespace is added here. */
interface Texts {
  actions: typeof actions;
  answer: typeof answer;
  app: typeof app;
  case: typeof caseTexts;
  citizen: typeof citizen;
  nurse: typeof nurse;
  outbox: typeof outbox;
  picture: typeof picture;
  print: typeof print;
  queue: typeof queue;
  reasons: typeof reasons;
  story: typeof story;
  terms: typeof terms;
  visit: typeof visit;
}

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "app";
    resources: Texts;
  }
}
