import { memo, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Score } from "../../gen/samspil/wound/v1/score_pb";
import { type Visit, VisitState } from "../../gen/samspil/wound/v1/visit_pb";
import { day, dayAndTime } from "../../i18n/format";
import { Button } from "../../ui/Button";
import { ChangeMark, ValueText } from "./FindingsCell";
import styles from "./FindingsTable.module.css";
import { type Row, rows } from "./findings";

/** As many visits as fit beside the pictures. */
const FEW = 3;
const NO_SCORES: Score[] = [];

/** The findings of the last visits side by side, the newest first, with what changed from each to the next. */
export const FindingsTable = memo(function FindingsTable({
  visits,
  scores = NO_SCORES,
}: {
  visits: Visit[] | undefined;
  scores: Score[] | undefined;
}) {
  const { t } = useTranslation("case");
  const [all, setAll] = useState(false);
  const told = useMemo(() => rows(visits ?? [], scores), [visits, scores]);
  if (!visits) return null;
  if (visits.length === 0) return <p>{t("findings.none")}</p>;
  const shown = all ? visits : visits.slice(0, FEW);
  return (
    <div className={styles.findings}>
      <FindingsRows visits={shown} rows={told} />
      {visits.length > FEW && (
        <Button small onClick={() => setAll(!all)}>
          {all ? t("findings.few") : t("findings.all", { count: visits.length })}
        </Button>
      )}
    </div>
  );
});

/** The table itself: a column for each of these visits, which are the first of those that the rows tell of. */
export function FindingsRows({ visits, rows }: { visits: readonly Visit[]; rows: readonly Row[] }) {
  const { t } = useTranslation("case");
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <caption className="hidden-visually">{t("findings.caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("findings.what")}</th>
            {visits.map((visit) => (
              <th key={visit.name} scope="col" title={dayAndTime(visit.visitTime)}>
                {day(visit.visitTime)}
                <span className={styles.by}>{visit.recordedBy?.displayName}</span>
                {visit.state === VisitState.OPEN && <span className={styles.by}>{t("findings.open")}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{t(`findings.row.${row.key}`)}</th>
              {visits.map((visit, i) => {
                const cell = row.cells[i];
                return (
                  <td key={visit.name}>
                    <ValueText row={row.key} value={cell?.value} />
                    {cell?.change && <ChangeMark row={row.key} change={cell.change} />}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
