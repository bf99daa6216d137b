import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { day, number } from "../../i18n/format";
import styles from "./Chart.module.css";
import { columns, type Point } from "./healing";

export interface Line {
  name: string;
  points: Point[];
  /** `marks` and `rings`: points without a line between them, full or hollow. */
  look: "solid" | "dashed" | "marks" | "rings";
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
  const strokes = {
    solid: colour("--accent"),
    dashed: colour("--text-quiet"),
    marks: colour("--warn"),
    rings: colour("--warn"),
  };
  const fills = lines.map(({ look }) => (look === "solid" || look === "marks" ? strokes[look] : ""));
  const highest = Math.max(...lines.flatMap(({ points }) => points.map(upper)));
  return {
    width: element.clientWidth,
    height: HEIGHT,
    scales: { x: { time: true }, y: { range: range ?? [0, Math.max(1, highest * 1.1)] } },
    // Full where the marks are: two lines of one colour are told apart by that.
    legend: { markers: { fill: (_, index) => fills[index - 1] ?? "" } },
    hooks: { draw: [(plot) => drawMargins(plot, lines, strokes)] },
    axes: [
      { ...axis, values: (_, times) => times.map((time) => day(new Date(time * 1000))), space: 90 },
      { ...axis, values: (_, values) => values.map((value) => number(value, 1)), size: 44 },
    ],
    series: [
      { value: (_, at) => (at === null ? "–" : day(new Date(at * 1000))), label: time },
      ...lines.map(({ name, look }) => ({
        label: name,
        stroke: strokes[look],
        width: 2,
        spanGaps: true,
        points: {
          show: look !== "dashed",
          size: isApart(look) ? 9 : 6,
          fill: look === "rings" ? colour("--surface") : strokes[look],
        },
        value: (_: uPlot, value: number | null) => (value === null ? "–" : number(value, 1)),
        ...(look === "dashed" ? { dash: [6, 5] } : {}),
        ...(isApart(look) ? { paths: () => null } : {}),
      })),
    ],
  };
}

function isApart(look: Line["look"]): boolean {
  return look === "marks" || look === "rings";
}

function upper({ value, margin = 0 }: Point): number {
  return value + margin;
}

const CAP_PX = 4;

/** A bar through each point that says how sure it is, from the least to the most that it may well be. */
function drawMargins(plot: uPlot, lines: readonly Line[], strokes: Record<Line["look"], string>): void {
  const { ctx } = plot;
  const cap = CAP_PX * devicePixelRatio;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  for (const { points, look } of lines) {
    ctx.strokeStyle = strokes[look];
    ctx.beginPath();
    for (const { at, value, margin } of points) {
      if (margin === undefined) continue;
      const x = plot.valToPos(at / 1000, "x", true);
      const ends = [value - margin, value + margin].map((end) => plot.valToPos(Math.max(end, 0), "y", true));
      const [low = 0, high = 0] = ends;
      ctx.moveTo(x, low);
      ctx.lineTo(x, high);
      for (const end of ends) {
        ctx.moveTo(x - cap, end);
        ctx.lineTo(x + cap, end);
      }
    }
    ctx.stroke();
  }
  ctx.restore();
}
