/** A story as people read it: what somebody did, what the machine did because of it, and how long after. */
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Span, Story, Trace } from "../../gen/samspil/trace/v1/trace_pb";

/** A span with what lies below it. */
export interface Node {
  id: string;
  span: Span;
  children: Node[];
  /** Microseconds after the trace began. */
  beginUs: number;
  /** Database statements below it, which are told as one. */
  statements: { count: number; durationUs: number };
}

/** A trace: one thing that happened, with all that followed at once. */
export interface Happening {
  traceId: string;
  /** Milliseconds. */
  start: number;
  durationUs: number;
  /** What it is called by: what a person did, or else its first span. */
  lead: Span;
  /** The person who did it, opaque; empty for the machine. */
  person: string;
  /** Nothing was changed: somebody looked. */
  isRead: boolean;
  failed: boolean;
  roots: Node[];
  linkedTraceIds: string[];
  /** Milliseconds since the end of the one before it, or since its beginning where they overlap; 0 for the first. */
  gapMs: number;
}

/** The happenings in the order of time. `reads`: with those in which somebody only looked. */
export function happenings(story: Story, reads: boolean): Happening[] {
  const told = story.traces.flatMap((trace) => happening(trace) ?? []).sort((a, b) => a.start - b.start);
  const wanted = told.filter((one) => reads || !one.isRead);
  let end = wanted[0]?.start ?? 0;
  return wanted.map((one) => {
    const gapMs = Math.max(0, one.start - end);
    end = Math.max(end, one.start + one.durationUs / 1000);
    return { ...one, gapMs };
  });
}

function happening(trace: Trace): Happening | undefined {
  const first = trace.spans[0];
  if (!first) return undefined;
  const startUs = Math.min(...trace.spans.map(startOf));
  const endUs = trace.spans.reduce(
    (end, span) => Math.max(end, startOf(span) + Number(span.durationUs)),
    startUs,
  );
  const lead = trace.spans.find((span) => personOf(span) !== "") ?? first;
  return {
    traceId: trace.traceId,
    start: startUs / 1000,
    durationUs: endUs - startUs,
    lead,
    person: personOf(lead),
    isRead: trace.spans.every((span) => span.depth > 0 || isRead(span)),
    failed: lead.failed,
    roots: nodes(trace.spans, startUs),
    linkedTraceIds: [...new Set(trace.spans.flatMap((span) => span.linkedTraceIds))],
    gapMs: 0,
  };
}

function startOf(span: Span): number {
  return span.startTime ? timestampMs(span.startTime) * 1000 + ((span.startTime.nanos / 1000) % 1000) : 0;
}

/** Who asked for it. A service that asks another is no person. */
export function personOf(span: Span): string {
  const user = span.attributes["enduser.id"] ?? "";
  return span.kind === "server" && !user.startsWith("service:") ? user : "";
}

/** `WoundService/GetWound` as `GetWound`; nothing for what is no call of the contract. */
export function methodOf(span: Span): string {
  return /^samspil\.[a-z]+\.v\d+\.\w+\/(\w+)$/.exec(span.name)?.[1] ?? "";
}

/** Looking changes nothing, and a draft is nobody else's business yet. */
function isRead(span: Span): boolean {
  return /^(Get|BatchGet|List|Watch|Download|Find|Check|Diff|SaveAnswerDraft|DeleteAnswerDraft)/.test(
    methodOf(span),
  );
}

export function isStatement(span: Span): boolean {
  return "db.query.text" in span.attributes;
}

/** Spans as a tree. They come each after its parent; statements are counted where they were run. */
function nodes(spans: readonly Span[], startUs: number): Node[] {
  const roots: Node[] = [];
  const byId = new Map<string, Node>();
  for (const span of spans) {
    const parent = byId.get(span.parentSpanId);
    if (parent && isStatement(span)) {
      parent.statements.count += 1;
      parent.statements.durationUs += Number(span.durationUs);
      continue;
    }
    const node: Node = {
      id: span.spanId,
      span,
      children: [],
      beginUs: startOf(span) - startUs,
      statements: { count: 0, durationUs: 0 },
    };
    byId.set(span.spanId, node);
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

/** What a span's name says, taken apart for a sentence in the page's language. */
export type Meaning =
  | { kind: "call"; method: string }
  | { kind: "relay"; event: string }
  | { kind: "follow"; service: string; event: string }
  | { kind: "step"; step: string }
  | { kind: "store"; operation: string; what: string }
  | { kind: "unknown" };

const steps = [
  "image steps",
  "inspect",
  "decode",
  "marker",
  "orient",
  "resize",
  "quality",
  "encode",
  "wound takes image steps up",
  "wound suggests outlines",
  "nurse sends a visit",
  "specialist signs the answer",
];

export function meaning(span: Span): Meaning {
  const method = methodOf(span);
  if (method) return { kind: "call", method };
  const relay = /^relay (\w+)$/.exec(span.name);
  if (relay?.[1]) return { kind: "relay", event: relay[1] };
  const follow = /^(\w+) follows (\w+)$/.exec(span.name);
  if (follow?.[1] && follow[2]) return { kind: "follow", service: follow[1], event: follow[2] };
  const store = /^(put|get|delete) (\w+)$/.exec(span.name);
  if (store?.[1] && store[2] && "object.key" in span.attributes)
    return { kind: "store", operation: store[1], what: store[2] };
  if (steps.includes(span.name)) return { kind: "step", step: span.name };
  return { kind: "unknown" };
}
