/** Looks: what one person did in one go, however many calls it took. */
import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { AuditEvent } from "../gen/samspil/audit/v1/audit_pb";
import { longDay } from "../i18n/format";

/** What somebody does after a longer pause is another look. */
const PAUSE_MS = 30 * 60_000;

export interface Look {
  /** The newest first; at least one. */
  events: [AuditEvent, ...AuditEvent[]];
  /** What was done, what came last first, and how often. */
  actions: { event: AuditEvent; count: number }[];
}

export interface Day {
  day: string;
  looks: Look[];
}

/** Entries, the newest first, as looks by day. */
export function daysOf(events: readonly AuditEvent[]): Day[] {
  const days: Day[] = [];
  let recent = new Map<string, Look>();
  for (const event of events) {
    const day = longDay(event.time);
    let last = days.at(-1);
    if (last?.day !== day) {
      last = { day, looks: [] };
      days.push(last);
      recent = new Map();
    }
    const who = standing(event);
    const look = recent.get(who);
    if (look && at(look.events.at(-1)) - at(event) <= PAUSE_MS) {
      add(look, event);
    } else {
      const look: Look = { events: [event], actions: [{ event, count: 1 }] };
      recent.set(who, look);
      last.looks.push(look);
    }
  }
  return days;
}

function add(look: Look, event: AuditEvent): void {
  look.events.push(event);
  const same = look.actions.find((one) => one.event.action === event.action);
  if (same) same.count += 1;
  else look.actions.push({ event, count: 1 });
}

const at = (event: AuditEvent | undefined) => (event?.time ? timestampDate(event.time).getTime() : 0);

/** Who it was, and what it stood on: where any of it differs it is another look. */
function standing({ who, role, outcome, basis, reason }: AuditEvent): string {
  return JSON.stringify([who?.person, who?.organisation, role, outcome, basis, reason]);
}

export const isEmergency = (event: AuditEvent) => event.basis === "BREAK_GLASS";
export const isRefused = (event: AuditEvent) => event.outcome !== "OK";

export const kinds = ["all", "emergency", "refused", "mine"] as const;

/** What of the list is shown. */
export interface Filter {
  kind: (typeof kinds)[number];
  /** A person's subject or an organisation's name; empty for everybody. */
  who: string;
}

/** Whether an entry is to be shown to somebody. What she did herself stands apart: each opening of the list is in it. */
export function matches({ kind, who }: Filter, event: AuditEvent, me: string): boolean {
  const own = event.who?.person === me;
  if (own !== (kind === "mine")) return false;
  if (kind === "emergency" && !isEmergency(event)) return false;
  if (kind === "refused" && !isRefused(event)) return false;
  return !who || event.who?.person === who || event.who?.organisation === who;
}

/** Everybody in a list but oneself, for a person to choose from: organisations, then people, by name. */
export function everybody(events: readonly AuditEvent[], me: string): { value: string; label: string }[] {
  const [organisations, people] = [new Map<string, string>(), new Map<string, string>()];
  for (const { who, organisationDisplayName } of events) {
    if (!who || who.person === me) continue;
    if (who.organisation) organisations.set(who.organisation, organisationDisplayName || who.organisation);
    if (who.person) people.set(who.person, who.displayName || who.person);
  }
  const sorted = (some: Map<string, string>) =>
    [...some]
      .map(([value, label]) => ({ value, label }))
      .sort((a, b) => a.label.localeCompare(b.label, "da"));
  return [...sorted(organisations), ...sorted(people)];
}
