import { memo, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Outline } from "../../gen/samspil/wound/v1/outline_pb";
import type { Healing, Score } from "../../gen/samspil/wound/v1/score_pb";
import type { Visit } from "../../gen/samspil/wound/v1/visit_pb";
import { number } from "../../i18n/format";
import { Badge } from "../../ui/Badge";
import { Chart } from "./Chart";
import styles from "./HealingView.module.css";
import { areas, changeInPercent, scoreLines } from "./healing";
import { useInstrumentName } from "./instruments";
import { NumbersTable } from "./NumbersTable";

/** How the wound's area and its scores went from visit to visit. */
export default memo(function HealingView({
  healing,
  scores,
  outlines,
  visits,
}: {
  healing: Healing | undefined;
  scores: Score[] | undefined;
  outlines: Outline[] | undefined;
  visits: Visit[] | undefined;
}) {
  const { t } = useTranslation("case");
  const area = useMemo(() => areas(healing, outlines ?? [], visits ?? []), [healing, outlines, visits]);
  const lines = useMemo(() => scoreLines(scores ?? []), [scores]);
  const first = area.measured[0];
  if (!first && area.byMarker.length + area.byTwoPoints.length === 0 && lines.length === 0)
    return <p>{t("healing.none")}</p>;
  const percent = changeInPercent(area.measured);
  const label = t("healing.chart", {
    from: number(first?.value ?? 0, 1),
    to: number(area.measured.at(-1)?.value ?? 0, 1),
  });
  return (
    <div className={styles.healing}>
      <p className={styles.summary}>
        {percent !== undefined && (
          <strong>
            {t("healing.change", { percent: `${percent < 0 ? "−" : "+"}${number(Math.abs(percent))}` })}
          </strong>
        )}
        {area.expected.length > 0 && (
          <Badge kind={healing?.stalled ? "bad" : "good"}>
            {healing?.stalled ? t("healing.stalled") : t("healing.onCourse")}
          </Badge>
        )}
        {healing?.expectedReductionPermille !== undefined && (
          <span title={healing.ruleSource}>
            {t("healing.rule", {
              percent: number(healing.expectedReductionPermille / 10),
              days: healing.expectedDays,
            })}
          </span>
        )}
      </p>
      <Chart
        axis={t("healing.date")}
        label={label}
        lines={[
          { name: t("healing.measured"), points: area.measured, look: "solid" },
          { name: t("healing.expected"), points: area.expected, look: "dashed" },
          { name: t("healing.byMarker"), points: area.byMarker, look: "marks" },
          { name: t("healing.byTwoPoints"), points: area.byTwoPoints, look: "rings" },
        ]}
      />
      {[...area.byMarker, ...area.byTwoPoints].some(({ margin }) => margin !== undefined) && (
        <p className={styles.note}>{t("healing.margins")}</p>
      )}
      {lines.length > 0 && <Scores lines={lines} />}
      <NumbersTable area={area} lines={lines} />
    </div>
  );
});

function Scores({ lines }: { lines: ReturnType<typeof scoreLines> }) {
  const { t } = useTranslation("case");
  const instrument = useInstrumentName();
  const [wanted, setWanted] = useState<string>();
  const line = lines.find((one) => one.instrument === wanted) ?? lines[0];
  const drawn = useMemo(
    () => (line ? [{ name: "", points: line.points, look: "solid" as const }] : []),
    [line],
  );
  if (!line) return null;
  const name = instrument(line.instrument);
  return (
    <>
      <fieldset className={styles.choice}>
        <legend className="hidden-visually">{t("healing.instrument")}</legend>
        {lines.map((one) => (
          <label key={one.instrument}>
            <input
              type="radio"
              name="instrument"
              checked={one === line}
              onChange={() => setWanted(one.instrument)}
            />
            {instrument(one.instrument)} ({one.minimum}–{one.maximum})
          </label>
        ))}
      </fieldset>
      <Chart
        axis={t("healing.date")}
        label={t("healing.scoreChart", {
          instrument: name,
          from: line.points[0]?.value,
          to: line.points.at(-1)?.value,
        })}
        lines={drawn.map((one) => ({ ...one, name }))}
        range={[line.minimum, line.maximum]}
      />
    </>
  );
}
