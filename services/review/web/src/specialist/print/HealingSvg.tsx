import { useTranslation } from "react-i18next";
import { day, number } from "../../i18n/format";
import type { Areas, Point } from "../case/healing";
import styles from "./HealingSvg.module.css";

const WIDTH = 660;
const HEIGHT = 200;
const LEFT = 40;
const BOTTOM = 24;
const TOP = 10;

/** The area over time, drawn so that it prints sharply and in black. */
export function HealingSvg({ area }: { area: Areas }) {
  const { t } = useTranslation("case");
  const points = [...area.measured, ...area.expected, ...area.byMarker, ...area.byTwoPoints];
  if (points.length === 0) return null;
  const from = Math.min(...points.map((point) => point.at));
  const to = Math.max(...points.map((point) => point.at), from + 86_400_000);
  const most = Math.max(...points.map(({ value, margin = 0 }) => value + margin), 0.1);
  const x = ({ at }: Point) => LEFT + ((at - from) / (to - from)) * (WIDTH - LEFT - 10);
  const y = ({ value }: Point) => HEIGHT - BOTTOM - (value / most) * (HEIGHT - BOTTOM - TOP);
  const path = (line: readonly Point[]) =>
    line.map((point, i) => `${i ? "L" : "M"}${x(point)} ${y(point)}`).join("");
  const margin = ({ at, value, margin = 0 }: Point) => {
    const [low, high] = [
      { at, value: Math.max(value - margin, 0) },
      { at, value: value + margin },
    ];
    return margin ? `M${x(low)} ${y(low)}V${y(high)}m-4 0h8M${x(low) - 4} ${y(low)}h8` : "";
  };
  const heights = [0, most / 2, most].map((value) => ({ at: from, value }));
  return (
    <figure>
      <svg
        className={styles.chart}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={t("healing.chart", {
          from: number(area.measured[0]?.value ?? 0, 1),
          to: number(area.measured.at(-1)?.value ?? 0, 1),
        })}
      >
        {heights.map((point) => (
          <g key={point.value}>
            <line className={styles.grid} x1={LEFT} x2={WIDTH} y1={y(point)} y2={y(point)} />
            <text x={LEFT - 6} y={y(point) + 4} textAnchor="end">
              {number(point.value, 1)}
            </text>
          </g>
        ))}
        <text x={LEFT} y={HEIGHT - 6}>
          {day(new Date(from))}
        </text>
        <text x={WIDTH - 2} y={HEIGHT - 6} textAnchor="end">
          {day(new Date(to))}
        </text>
        <path className={styles.expected} d={path(area.expected)} />
        <path className={styles.measured} d={path(area.measured)} />
        {area.measured.map((point) => (
          <circle key={point.at} className={styles.dot} cx={x(point)} cy={y(point)} r="3" />
        ))}
        {[...area.byMarker, ...area.byTwoPoints].map((point) => (
          <path key={point.at} className={styles.margin} d={margin(point)} />
        ))}
        {area.byMarker.map((point) => (
          <path
            key={point.at}
            className={styles.byMarker}
            d={`M${x(point)} ${y(point) - 5}l5 5l-5 5l-5 -5z`}
          />
        ))}
        {area.byTwoPoints.map((point) => (
          <rect
            key={point.at}
            className={styles.byTwoPoints}
            x={x(point) - 4}
            y={y(point) - 4}
            width="8"
            height="8"
          />
        ))}
      </svg>
      <figcaption className={styles.legend}>
        ●─ {t("healing.measured")}
        {area.expected.length > 0 && ` · ┄ ${t("healing.expected")}`}
        {area.byMarker.length > 0 && ` · ◆ ${t("healing.byMarker")}`}
        {area.byTwoPoints.length > 0 && ` · □ ${t("healing.byTwoPoints")}`}
        {area.byMarker.length + area.byTwoPoints.length > 0 && `. ${t("healing.margins")}`}
      </figcaption>
    </figure>
  );
}
