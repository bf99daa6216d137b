// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed one by one cannot be those of a table
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
/** The parts of a grid of which only the rows that can be seen are there. */
import type { HTMLAttributes, Ref } from "react";

type Part = HTMLAttributes<HTMLDivElement>;

/** The grid itself, which has the focus. */
export function Grid(props: Part & { ref?: Ref<HTMLDivElement> }) {
  return <div role="grid" tabIndex={0} {...props} />;
}

export function GridGroup(props: Part & { ref?: Ref<HTMLDivElement> }) {
  return <div role="rowgroup" {...props} />;
}

export function GridRow(props: Part) {
  return <div role="row" {...props} />;
}

export function GridHeader(props: Part) {
  return <div role="columnheader" {...props} />;
}

export function GridCell(props: Part) {
  return <div role="gridcell" {...props} />;
}
