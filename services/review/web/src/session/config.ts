/** What the server tells the page about itself before anybody is signed in. */

export interface Config {
  signIn: {
    /** The provider's issuer; empty for the server's own. */
    authority: string;
    clientId: string;
    /** What is asked for beside `openid`. */
    scope: string;
    /** The resource that the token is for; empty where the provider wants none. */
    resource: string;
  };
  /** The trace backend's page of a trace, with `{trace_id}` in it; empty when there is none. */
  traceUrl: string;
  version: string;
  /** Made-up people may sign in: this is for trying out. */
  demo: boolean;
}

const KEPT = "samspil.config";
let loaded: Promise<Config> | undefined;

/** The configuration, loaded once. Without a network, that of the last time. */
export function config(): Promise<Config> {
  loaded ??= load().catch((error) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function load(): Promise<Config> {
  try {
    const response = await fetch("/app.json", { cache: "no-store" });
    if (!response.ok) throw new Error(`/app.json: ${response.status}`);
    const text = await response.text();
    const parsed = JSON.parse(text) as Config;
    localStorage.setItem(KEPT, text);
    return parsed;
  } catch (error) {
    const kept = localStorage.getItem(KEPT);
    if (kept) return JSON.parse(kept) as Config;
    throw error;
  }
}
