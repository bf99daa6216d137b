/** Resource names of the contract, taken apart for addresses of pages and put together again. */

/** `patients/{patient}/wounds/{wound}…` as its ids. Throws on anything else. */
export function woundIds(name: string): { patient: string; wound: string } {
  const found = /^patients\/([^/]+)\/wounds\/([^/]+)/.exec(name);
  if (!found?.[1] || !found[2]) throw new Error(`not the name of a wound: ${name}`);
  return { patient: found[1], wound: found[2] };
}

/** `patients/{patient}` at the beginning of a name. */
export function patientOf(name: string): string {
  return name.split("/").slice(0, 2).join("/");
}

/** `patients/{patient}/wounds/{wound}` at the beginning of a name. */
export function woundOf(name: string): string {
  return name.split("/").slice(0, 4).join("/");
}

/** `patients/{patient}/wounds/{wound}/visits/{visit}` at the beginning of a name. */
export function visitOf(name: string): string {
  return name.split("/").slice(0, 6).join("/");
}

/** The last id of a name. */
export function idOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** Addresses of pages. */
export const pages = {
  queue: "/queue",
  wound: (name: string) => `/${woundOf(name)}`,
  story: (name: string) => `/${woundOf(name)}/story`,
  print: (name: string) => `/${woundOf(name)}/print`,
  record: "/record",
  home: "/home",
  find: "/find",
  outbox: "/outbox",
  patient: (name: string) => `/${patientOf(name)}`,
  newWound: (patient: string) => `/${patient}/new-wound`,
  visit: (wound: string) => `/${woundOf(wound)}/visit`,
};
