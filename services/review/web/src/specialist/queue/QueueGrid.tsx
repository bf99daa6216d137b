import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import { idOf } from "../../api/names";
import { Grid, GridGroup, GridHeader, GridRow } from "../../ui/Grid";
import type { HoldAct, Holding } from "../assessment/useHold";
import { anchorOf, shift } from "./anchor";
import { casePage } from "./casePage";
import type { Row } from "./ledger";
import { place } from "./place";
import styles from "./Queue.module.css";
import { QueueRow } from "./QueueRow";
import { offsetFor } from "./sight";
import { stepOf } from "./steps";
import { useActiveRow } from "./useActiveRow";
import { useRowHeight } from "./useRowHeight";

const columns = ["due", "citizen", "wound", "question", "from", "state", "act"] as const;

interface QueueGridProps {
  rows: readonly Row[];
  holding: Holding;
  onFilters: () => void;
  onHelp: () => void;
}

/** The rows, as many as fit on the screen. The grid keeps the focus and names the active row, so that no update can take it away. */
export function QueueGrid({ rows, holding, onFilters, onHelp }: QueueGridProps) {
  const { t } = useTranslation(["queue"]);
  const navigate = useNavigate();
  const visit = useLocation().key;
  const height = useRowHeight();
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const listing = useRef<HTMLDivElement>(null);
  const pointed = useRef<string>(undefined);
  const names = useMemo(() => rows.map((row) => row.assessment.name), [rows]);
  const active = useActiveRow(names, place.of(visit)?.active);

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    // Kept from one step to the next: the virtualiser reckons every row anew when it is given another function.
    estimateSize: useCallback(() => height, [height]),
    getItemKey: useCallback((at: number) => names[at] ?? at, [names]),
    overscan: 8,
    initialOffset: () => place.of(visit)?.offset ?? 0,
    rangeExtractor: (range) => {
      const shown = new Set(defaultRangeExtractor(range));
      if (active.at < range.count) shown.add(active.at);
      return [...shown].sort((a, b) => a - b);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another font size or width
  useEffect(() => virtualizer.measure(), [height, virtualizer]);

  const before = useRef<readonly string[]>(names);
  useLayoutEffect(() => {
    const [was, box] = [before.current, scroller.current];
    before.current = names;
    if (!box || was === names) return;
    const first = Math.ceil(box.scrollTop / height);
    const last = Math.floor((box.scrollTop + box.clientHeight) / height) - 1;
    const anchor = anchorOf({ names: was, pointed: pointed.current, active: active.name, first, last });
    box.scrollTop += shift(anchor, was, names) * height;
  }, [names, height, active.name]);

  // Where somebody stands is kept at every step: what is left of a page while it goes away is not to be relied on.
  // (The virtualiser knows the offset; asking the element would have the page laid out once more.)
  const keep = () => place.keep(visit, { active: active.name, offset: virtualizer.scrollOffset ?? 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolling keeps it too, by an event of its own
  useEffect(keep, [visit, active.name]);

  // The keys work at once, without a click first.
  useEffect(() => {
    const { activeElement: at } = document;
    if (at === document.body || at?.id === "main") grid.current?.focus({ preventScroll: true });
  }, []);

  const onAct = useCallback((act: HoldAct, row: Row) => void holding.act(act, row.assessment), [holding.act]);

  const bringIntoSight = (row: number) => {
    const [box, list] = [scroller.current, listing.current];
    if (!box || !list) return;
    const view = { offset: box.scrollTop, height: box.clientHeight, head: list.offsetTop };
    const offset = offsetFor(row, height, view);
    if (offset !== view.offset) box.scrollTop = offset;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[active.at];
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1);
    const to = stepOf(event.key, active.at, page, rows.length);
    if (to !== undefined) {
      active.choose(names[to]);
      bringIntoSight(to);
    } else if (event.key === "Enter" && row) navigate(casePage(row.assessment.name));
    else if (event.key === "c" && row) onAct("claim", row);
    else if (event.key === "r" && row) onAct("release", row);
    else if (event.key === "f") onFilters();
    else if (event.key === "?") onHelp();
    else return;
    event.preventDefault();
  };

  return (
    <div className={styles.scroller} ref={scroller} onScroll={keep}>
      <Grid
        ref={grid}
        onPointerOver={(event) => {
          const row = (event.target as Element).closest("[role=row]");
          pointed.current = names[Number(row?.ariaRowIndex) - 2];
        }}
        onPointerLeave={() => {
          pointed.current = undefined;
        }}
        className={styles.grid}
        aria-label={t("title")}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length}
        aria-activedescendant={active.name && rowId(active.name)}
        aria-describedby="queue-keys"
        onKeyDown={onKeyDown}
      >
        <GridGroup className={styles.head}>
          <GridRow aria-rowindex={1} className={styles.columns}>
            {columns.map((column) => (
              <GridHeader key={column}>{t(`column.${column}`)}</GridHeader>
            ))}
          </GridRow>
        </GridGroup>
        <GridGroup ref={listing} className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            const { name } = row.assessment;
            return (
              <QueueRow
                key={name}
                row={row}
                id={rowId(name)}
                index={index}
                top={start}
                active={name === active.name}
                pending={holding.pending.get(name)}
                onPoint={active.choose}
                onAct={onAct}
              />
            );
          })}
        </GridGroup>
      </Grid>
    </div>
  );
}

function rowId(name: string): string {
  return `row-${idOf(name)}`;
}
