import { useTranslation } from "react-i18next";
import { day } from "../../i18n/format";
import { withMargin } from "../picture/told";
import styles from "./HealingView.module.css";
import type { Areas, Point, ScoreLine } from "./healing";
import { useInstrumentName } from "./instruments";

/** The charts' numbers, for those who do not see charts or want the numbers. */
export function NumbersTable({ area, lines }: { area: Areas; lines: readonly ScoreLine[] }) {
  const { t } = useTranslation("case");
  const instrument = useInstrumentName();
  const columns: { name: string; points: readonly Point[]; decimals: number }[] = [
    { name: t("healing.measured"), points: area.measured, decimals: 1 },
    { name: t("healing.expected"), points: area.expected, decimals: 1 },
    { name: t("healing.byMarker"), points: area.byMarker, decimals: 1 },
    { name: t("healing.byTwoPoints"), points: area.byTwoPoints, decimals: 1 },
    ...lines.map((line) => ({ name: instrument(line.instrument), points: line.points, decimals: 0 })),
  ].filter((column) => column.points.length > 0);
  const times = [...new Set(columns.flatMap((column) => column.points.map((point) => point.at)))];
  return (
    <details>
      <summary>{t("healing.table")}</summary>
      <table className={styles.numbers}>
        <thead>
          <tr>
            <th scope="col">{t("healing.date")}</th>
            {columns.map((column) => (
              <th key={column.name} scope="col">
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times
            .sort((a, b) => b - a)
            .map((time) => (
              <tr key={time}>
                <th scope="row">{day(new Date(time))}</th>
                {columns.map((column) => {
                  const point = column.points.find((one) => one.at === time);
                  return (
                    <td key={column.name}>
                      {point && withMargin(point.value, point.margin, column.decimals)}
                    </td>
                  );
                })}
              </tr>
            ))}
        </tbody>
      </table>
    </details>
  );
}
