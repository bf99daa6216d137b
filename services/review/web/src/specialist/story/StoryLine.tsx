import { useTranslation } from "react-i18next";
import type { Span } from "../../gen/samspil/trace/v1/trace_pb";
import { dayAndTime } from "../../i18n/format";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import type { Line } from "./lines";
import { SpanDetails } from "./SpanDetails";
import styles from "./StoryTree.module.css";
import { type Happening, personOf } from "./story";
import { duration, pause } from "./words";

interface Linked {
  trace: string;
  one: Happening | undefined;
}

/** One line of the story: a happening, or a span of it. */
export function StoryLine({
  id,
  line,
  isActive,
  isTold,
  words,
  people,
  traceUrl,
  linked,
  onToggle,
  onTell,
  onLinked,
}: {
  id: string;
  line: Line;
  isActive: boolean;
  isTold: boolean;
  words: (span: Span) => string;
  people: (id: string) => string;
  traceUrl: string;
  linked: readonly Linked[];
  onToggle: () => void;
  onTell: () => void;
  onLinked: (trace: string) => void;
}) {
  const { t, i18n } = useTranslation("story");
  const { happening, node, level } = line;
  const span = node?.span ?? happening.lead;
  const person = personOf(span);
  const took = node ? Number(span.durationUs) : happening.durationUs;
  const gap = node ? undefined : pause(happening.gapMs, i18n.language);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys, by aria-activedescendant
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus, by aria-activedescendant
    <div
      id={id}
      role="treeitem"
      aria-level={level}
      aria-posinset={line.position}
      aria-setsize={line.siblings}
      aria-expanded={line.open}
      aria-selected={isActive}
      className={[styles.line, isActive && styles.active, !node && styles.happening]
        .filter(Boolean)
        .join(" ")}
      onClick={(event) => {
        if (!(event.target as HTMLElement).closest("a, button, dl"))
          (line.open === undefined ? onTell : onToggle)();
      }}
    >
      {gap && <p className={styles.gap}>{t("later", { time: gap })}</p>}
      <div className={styles.row}>
        <span className={styles.what} style={{ paddingInlineStart: `${(level - 1) * 1.1}rem` }}>
          <span className={styles.twist} aria-hidden>
            {line.open === undefined ? "" : line.open ? "▾" : "▸"}
          </span>
          {person && <strong className={styles.person}>{people(person)}</strong>}
          {!person && !node && <span className={styles.machine}>{t("machine")}:</span>}
          <span>{words(span)}</span>
          {span.failed && <Badge kind="bad">{t("failed")}</Badge>}
          {!node && <span className={styles.when}>{dayAndTime(span.startTime)}</span>}
        </span>
        <Bar happening={happening} begin={node?.beginUs ?? 0} took={took} isPerson={person !== ""} />
        <span className={styles.took}>
          <span className="hidden-visually">{t("took", { time: duration(took) })}</span>
          <span aria-hidden>{duration(took)}</span>
        </span>
        <Button
          small
          kind="quiet"
          tabIndex={-1}
          aria-expanded={isTold}
          aria-label={t("details")}
          onClick={onTell}
        >
          {isTold ? "−" : "+"}
        </Button>
      </div>
      {isTold && (
        <SpanDetails
          span={span}
          happening={happening}
          statements={node?.statements}
          traceUrl={traceUrl}
          linked={linked.map(({ trace, one }) => ({ trace, text: one && words(one.lead) }))}
          onLinked={onLinked}
        />
      )}
    </div>
  );
}

/** When it was and how long, to scale within its happening. */
function Bar({
  happening,
  begin,
  took,
  isPerson,
}: {
  happening: Happening;
  begin: number;
  took: number;
  isPerson: boolean;
}) {
  const whole = Math.max(happening.durationUs, 1);
  const left = Math.min(99, (begin / whole) * 100);
  const width = Math.min(100 - left, Math.max(0.5, (took / whole) * 100));
  return (
    <span className={styles.track} aria-hidden>
      <span
        className={isPerson ? styles.personBar : styles.bar}
        style={{ insetInlineStart: `${left}%`, width: `${width}%` }}
      />
    </span>
  );
}
