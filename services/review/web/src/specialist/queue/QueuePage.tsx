import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useTitle } from "../../app/Page";
import { Button } from "../../ui/Button";
import { Failure } from "../../ui/Notice";
import { useMinute } from "../../ui/now";
import { Waiting } from "../../ui/Waiting";
import { sendSealedDrafts } from "../answer/keeper";
import { HoldFailure } from "../assessment/HoldFailure";
import { isOverdue } from "../assessment/standing";
import { useHold } from "../assessment/useHold";
import { Empty } from "./Empty";
import { Filters, type FiltersHandle } from "./Filters";
import { addressOf, everything, filterOf, type QueueFilter } from "./filter";
import { emptyLedger } from "./ledger";
import styles from "./Queue.module.css";
import { QueueGrid } from "./QueueGrid";
import { queueQuery } from "./query";
import { useWatchQueue } from "./useWatchQueue";

/** Dialogs are no part of the first view. */
const Keys = lazy(() => import("./Keys"));

/** The specialist's queue: live, the soonest due first. */
export function Component() {
  const { t } = useTranslation(["queue", "app"]);
  useTitle(t("title"));
  useWatchQueue();
  const [address, setAddress] = useSearchParams();
  const filter = useMemo(() => filterOf(address), [address]);
  const setFilter = (next: QueueFilter) => setAddress(addressOf(next), { replace: true });
  const { data: ledger = emptyLedger, error, isFetching, refetch } = useQuery(queueQuery(filter));
  const holding = useHold();
  // What an answer left in this device while the server was away goes out from here.
  useEffect(() => void sendSealedDrafts().catch(() => undefined), []);
  const filters = useRef<FiltersHandle>(null);
  const [help, setHelp] = useState(false);
  const { rows } = ledger;

  const focusRows = () => document.querySelector<HTMLElement>("[role=grid]")?.focus();
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>{t("title")}</h1>
        <Counts rows={rows} reading={isFetching && ledger.met !== undefined} />
        <Filters ref={filters} filter={filter} onChange={setFilter} onLeave={focusRows} />
        <Button small kind="quiet" className={styles.help} onClick={() => setHelp(true)}>
          {t("keys.title")}
        </Button>
      </header>
      <div className={styles.notices}>
        <Failure error={error} onRetry={() => refetch()} />
        <HoldFailure holding={holding} />
      </div>
      <p id="queue-keys" className="hidden-visually">
        {t("keys.hint")}
      </p>
      {rows.length > 0 ? (
        <QueueGrid
          rows={rows}
          holding={holding}
          onFilters={() => filters.current?.focus()}
          onHelp={() => setHelp(true)}
        />
      ) : isFetching ? (
        <Waiting />
      ) : (
        !error && <Empty filter={filter} onClear={() => setFilter(everything)} />
      )}
      {help && (
        <Suspense>
          <Keys onClose={() => setHelp(false)} />
        </Suspense>
      )}
    </div>
  );
}

function Counts({ rows, reading }: { rows: typeof emptyLedger.rows; reading: boolean }) {
  const { t } = useTranslation(["queue"]);
  const now = useMinute();
  const overdue = useMemo(
    () => rows.filter((row) => isOverdue(row.assessment.clock, now)).length,
    [rows, now],
  );
  return (
    <p className={styles.counts} role="status">
      <span>{t("count.all", { count: rows.length })}</span>
      {overdue > 0 && <strong>{t("count.overdue", { count: overdue })}</strong>}
      {reading && <span>{t("count.reading")}</span>}
    </p>
  );
}
