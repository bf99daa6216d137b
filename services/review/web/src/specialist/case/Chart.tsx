import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { day, number } from "../../i18n/format";
import styles from "./Chart.module.css";
import { columns, type Point } from "./healing";

export interface Line {
  name: string;
  points: Point[];
  /** `marks`: points without a line between them. */
  look: "solid" | "dashed" | "marks";
}

const HEIGHT = 170;

/** Lines over time. What it shows has to be said as text too: `label` says where. */
export function Chart({
  label,
  axis,
  lines,
  range,
}: {
  label: string;
  /** What the times are called. */
  axis: string;
  lines: readonly Line[];
  range?: [number, number];
}) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = lines.filter((line) => line.points.length > 0);
  // Drawn anew when what it shows has changed, not whenever somebody renders.
  const shown = JSON.stringify([drawn, range]);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    let plot: uPlot | undefined;
    const draw = () => {
      plot?.destroy();
      const [seen, bounds] = JSON.parse(shown) as [Line[], [number, number] | null];
      const data = columns(...seen.map((line) => line.points)) as uPlot.AlignedData;
      plot = new uPlot(options(element, axis, seen, bounds), data, element);
    };
    draw();
    const resized = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    const recoloured = new MutationObserver(draw);
    recoloured.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      resized.disconnect();
      recoloured.disconnect();
      plot?.destroy();
    };
  }, [shown, axis]);
  return <div className={styles.chart} ref={place} role="img" aria-label={label} />;
}

function options(
  element: HTMLElement,
  time: string,
  lines: Line[],
  range: [number, number] | null,
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: colour("--text-quiet"), grid: { stroke: colour("--line"), width: 1 } };
  const strokes = { solid: colour("--accent"), dashed: colour("--text-quiet"), marks: colour("--warn") };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    scales: { x: { time: true }, y: { range: (_, __, most) => range ?? [0, Math.max(1, most * 1.1)] } },
    axes: [
      { ...axis, values: (_, times) => times.map((time) => day(new Date(time * 1000))), space: 90 },
      { ...axis, values: (_, values) => values.map((value) => number(value, 1)), size: 44 },
    ],
    series: [
      { value: (_, at) => (at === null ? "–" : day(new Date(at * 1000))), label: time },
      ...lines.map(({ name, look }) => ({
        label: name,
        stroke: strokes[look],
        width: look === "marks" ? 0 : 2,
        spanGaps: true,
        points: { show: look !== "dashed", size: look === "marks" ? 9 : 6, fill: strokes[look] },
        value: (_: uPlot, value: number | null) => (value === null ? "–" : number(value, 1)),
        ...(look === "dashed" ? { dash: [6, 5] } : {}),
        ...(look === "marks" ? { paths: () => null } : {}),
      })),
    ],
  };
}
