/**
 * Who is signed in. OpenID Connect by authorization code and PKCE, with the server's own issuer or any other.
 *
 * The tokens are in the storage that the windows of this origin share, so that a reload keeps them and a second window has
 * them too. The person's name and role outlive the tokens: a nurse without coverage goes on working, and signs in again when there
 * is somebody to sign in with. Signing out removes everything.
 */
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorResponse, type User, UserManager, WebStorageStateStore } from "oidc-client-ts";
import { useSyncExternalStore } from "react";
import { caller } from "./caller";
import { config } from "./config";

export type Role =
  | "nurse"
  | "specialist"
  | "gp"
  | "coordinator"
  | "administrator"
  | "citizen"
  | "data_protection_officer";

export interface Person {
  /** The provider's subject. */
  id: string;
  name: string;
  /** SOR code. */
  organisation: string;
  role: Role;
  /** `patients/{patient}` of a citizen. */
  patient?: string;
}

export type Session =
  | { state: "loading" }
  | { state: "signedOut" }
  /** `expired`: the provider wants the person to sign in again. What is on the screen stays. */
  | { state: "signedIn"; person: Person; expired: boolean };

/** A token that ends sooner than this is renewed before it is used. */
const MARGIN_S = 30;

let current: Session = { state: "loading" };
let manager: Promise<UserManager> | undefined;
let renewing: Promise<string> | undefined;
const listeners = new Set<() => void>();

function become(next: Session): void {
  current = next;
  for (const listener of listeners) listener();
}

function users(): Promise<UserManager> {
  manager ??= config().then(({ signIn }) => {
    const made = new UserManager({
      authority: signIn.authority || location.origin,
      client_id: signIn.clientId,
      redirect_uri: `${location.origin}/signed-in`,
      post_logout_redirect_uri: `${location.origin}/`,
      scope: `openid ${signIn.scope}`,
      ...(signIn.resource ? { resource: signIn.resource } : {}),
      userStore: new WebStorageStateStore({ store: localStorage, prefix: "samspil." }),
      stateStore: new WebStorageStateStore({ store: localStorage, prefix: "samspil.state." }),
      automaticSilentRenew: false,
    });
    return made;
  });
  manager.catch(() => {
    manager = undefined;
  });
  return manager;
}

/** The signed-in person as the services know her, kept beside the tokens and for as long as they. */
const PERSON = "samspil.person";

interface Kept {
  /** The subject at the provider: a person kept of somebody else's sign-in is not believed. */
  subject: string;
  person: Person;
}

function kept(user: User): Person | undefined {
  const text = localStorage.getItem(PERSON);
  const found = text ? (JSON.parse(text) as Kept) : undefined;
  return found?.subject === user.profile.sub ? found.person : undefined;
}

function accept(user: User | null): void {
  const person = user ? kept(user) : undefined;
  become(person ? { state: "signedIn", person, expired: false } : { state: "signedOut" });
}

export const session = {
  current: () => current,

  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },

  /** Takes up what was signed in before. Needs no network. */
  async restore(): Promise<void> {
    accept(await (await users()).getUser());
    // Another window has signed out, or in as somebody else: nothing of the one before may stay on this screen.
    window.addEventListener("storage", async (event) => {
      // Both are written at a sign-in, the person last.
      if (event.key !== PERSON) return;
      const user = await (await users()).getUser();
      const now = user ? kept(user)?.id : undefined;
      const before = current.state === "signedIn" ? current.person.id : undefined;
      if (now !== before) location.assign("/");
    });
  },

  /** Leaves for the provider; comes back to the page that was open. */
  async signIn(returnTo = location.pathname + location.search): Promise<void> {
    await (await users()).signinRedirect({ state: returnTo });
  },

  /** Back from the provider: the page to go on with. */
  async signedIn(): Promise<string> {
    const user = await (await users()).signinRedirectCallback();
    const person = await caller(user.access_token);
    localStorage.setItem(PERSON, JSON.stringify({ subject: user.profile.sub, person } satisfies Kept));
    accept(user);
    const wanted = typeof user.state === "string" ? user.state : "/";
    return wanted.startsWith("/") && !wanted.startsWith("//") ? wanted : "/";
  },

  /** Forgets the person here, then at the provider. The caller has emptied what else is kept. */
  async signOut(): Promise<void> {
    const at = await users();
    const idToken = (await at.getUser())?.id_token;
    await at.removeUser();
    localStorage.removeItem(PERSON);
    await at.signoutRedirect({ ...(idToken ? { id_token_hint: idToken } : {}) });
  },

  /** A token that holds for a moment yet. */
  async token(): Promise<string> {
    const user = await (await users()).getUser();
    if (user && (user.expires_in ?? 0) > MARGIN_S) return user.access_token;
    return await session.renewedToken(user?.access_token);
  },

  /**
   * A token other than the one that was refused or has run out. Fails with UNAUTHENTICATED when the provider wants the person, with
   * UNAVAILABLE when it is out of reach.
   */
  renewedToken(old?: string): Promise<string> {
    // One at a time, however many calls find the token too old.
    renewing ??= renew(old).finally(() => {
      renewing = undefined;
    });
    return renewing;
  },
};

/** One window at a time, too: a provider may let a refresh token be used but once. */
function renew(old: string | undefined): Promise<string> {
  return navigator.locks.request("samspil.renew", async () => {
    const kept = await (await users()).getUser();
    const fresh = kept && (kept.expires_in ?? 0) > MARGIN_S && kept.access_token !== old;
    return fresh ? kept.access_token : await renewAlone();
  });
}

async function renewAlone(): Promise<string> {
  try {
    const user = await (await users()).signinSilent();
    if (!user) throw new ConnectError("nobody is signed in", Code.Unauthenticated);
    accept(user);
    return user.access_token;
  } catch (error) {
    const refused = error instanceof ErrorResponse || (error instanceof Error && !isNetwork(error));
    if (!refused) throw new ConnectError("the provider is out of reach", Code.Unavailable);
    if (current.state === "signedIn") become({ ...current, expired: true });
    throw new ConnectError("the sign-in has expired", Code.Unauthenticated);
  }
}

/** Whether a request of the provider's client never got an answer of the provider's. */
function isNetwork(error: Error): boolean {
  return (
    error instanceof TypeError ||
    error.name === "ErrorTimeout" ||
    error.name === "AbortError" ||
    !navigator.onLine
  );
}

/** The session, for a component. */
export function useSession(): Session {
  return useSyncExternalStore(session.subscribe, session.current);
}

/** The person who is signed in. Only below the shell, which shows nothing without one. */
export function usePerson(): Person {
  const now = useSession();
  if (now.state !== "signedIn") throw new Error("nobody is signed in");
  return now.person;
}
