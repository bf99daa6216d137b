/** Prints what was measured: a table for people, then one line of JSON. */
import type { FullResult, Reporter, TestCase, TestResult } from "@playwright/test/reporter";

interface Figure {
  name: string;
  value: number;
  unit: string;
  /** What it should be at most, where something says so. */
  goal?: number;
}

const figures: Figure[] = [];

export default class Report implements Reporter {
  onTestEnd(test: TestCase, result: TestResult): void {
    for (const { type, description } of test.annotations) {
      if (type === "figure" && description) figures.push(JSON.parse(description) as Figure);
    }
    if (result.status !== "passed")
      console.error(`${test.title}: ${result.status}\n${result.error?.stack ?? ""}`);
  }

  onEnd(result: FullResult): void {
    const width = Math.max(...figures.map(({ name }) => name.length));
    for (const { name, value, unit, goal } of figures) {
      const against = goal === undefined ? "" : `  goal ${goal} ${unit}${value > goal ? "  MISSED" : ""}`;
      console.log(
        `${name.padEnd(width)}  ${value.toFixed(value < 10 ? 1 : 0).padStart(7)} ${unit}${against}`,
      );
    }
    console.log(JSON.stringify({ web: figures, status: result.status }));
  }
}
