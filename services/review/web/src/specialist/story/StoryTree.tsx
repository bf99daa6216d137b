import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { config } from "../../session/config";
import { lines, step, toggled } from "./lines";
import { StoryLine } from "./StoryLine";
import styles from "./StoryTree.module.css";
import type { Happening } from "./story";
import { useWords } from "./words";

const LINE_PX = 40;

/** The story as a tree of which only what is in sight is drawn. */
export function StoryTree({ story, people }: { story: Happening[]; people: (id: string) => string }) {
  const { t } = useTranslation("story");
  const id = useId();
  const words = useWords();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [told, setTold] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState("");
  const all = useMemo(() => lines(story, open), [story, open]);
  const at = Math.max(
    0,
    all.findIndex((line) => line.id === active),
  );
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: all.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    getItemKey: (i) => all[i]?.id ?? i,
    overscan: 12,
  });
  const traceUrl = useTraceUrl();
  const byTrace = useMemo(() => new Map(story.map((one) => [one.traceId, one])), [story]);

  const go = (to: number) => {
    const line = all[to];
    if (!line) return;
    setActive(line.id);
    virtual.scrollToIndex(to, { align: "auto" });
  };
  const toggle = (i: number) => {
    const line = all[i];
    if (line && line.open !== undefined) setOpen(toggled(open, line));
  };
  const tell = (i: number) => {
    const line = all[i];
    if (!line) return;
    const next = new Set(told);
    if (!next.delete(line.id)) next.add(line.id);
    setTold(next);
  };
  const press = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return tell(at);
    }
    const next = step(all, at, event.key);
    if (!next) return;
    event.preventDefault();
    if (next.toggle) toggle(at);
    else go(next.at);
  };
  return (
    <div
      className={styles.tree}
      role="tree"
      aria-label={t("tree")}
      aria-activedescendant={all[at] && `${id}-${at}`}
      tabIndex={0}
      ref={scroller}
      onKeyDown={press}
      onFocus={(event) => event.target === event.currentTarget && active === "" && go(0)}
    >
      <div className={styles.space} role="presentation" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = all[item.index];
          if (!line) return null;
          return (
            <div
              key={item.key}
              data-index={item.index}
              ref={virtual.measureElement}
              role="presentation"
              className={styles.place}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <StoryLine
                id={`${id}-${item.index}`}
                line={line}
                isActive={item.index === at}
                isTold={told.has(line.id)}
                words={words}
                people={people}
                traceUrl={traceUrl}
                linked={line.happening.linkedTraceIds.map((trace) => ({ trace, one: byTrace.get(trace) }))}
                onToggle={() => {
                  setActive(line.id);
                  toggle(item.index);
                }}
                onTell={() => {
                  setActive(line.id);
                  tell(item.index);
                }}
                onLinked={(trace) => go(all.findIndex((one) => one.id === trace))}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The trace backend's page of a trace; nothing without a backend. */
function useTraceUrl(): string {
  const [url, setUrl] = useState("");
  useEffect(() => {
    let wanted = true;
    config().then(
      (found) => wanted && setUrl(found.traceUrl),
      // Without it the story is whole; only the way to the backend is missing.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, []);
  return url;
}
