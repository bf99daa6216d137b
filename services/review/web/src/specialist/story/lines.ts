/** The story as the lines of a tree that can be opened, so that only those in sight have to be drawn. */
import type { Happening, Node } from "./story";

export interface Line {
  /** Unique in the story. */
  id: string;
  happening: Happening;
  /** The span; not set for the line of the happening itself. */
  node: Node | undefined;
  /** 1 for a happening. */
  level: number;
  /** Which among its siblings, from 1, and how many they are. */
  position: number;
  siblings: number;
  /** Not set where there is nothing below. */
  open: boolean | undefined;
  parent: string | undefined;
}

/** The lines that are to be seen while these are open. */
export function lines(story: readonly Happening[], open: ReadonlySet<string>): Line[] {
  const all: Line[] = [];
  story.forEach((happening, i) => {
    const id = happening.traceId;
    const isOpen = open.has(id);
    all.push({
      id,
      happening,
      node: undefined,
      level: 1,
      position: i + 1,
      siblings: story.length,
      open: isOpen,
      parent: undefined,
    });
    if (isOpen) below(all, happening, happening.roots, id, 2, open);
  });
  return all;
}

function below(
  all: Line[],
  happening: Happening,
  nodes: readonly Node[],
  parent: string,
  level: number,
  open: ReadonlySet<string>,
): void {
  nodes.forEach((node, i) => {
    const id = `${happening.traceId}/${node.id}`;
    // A span is open from the start: who opens a happening wants to see what it consists of. Closing one is remembered.
    const isOpen = node.children.length > 0 ? !open.has(`-${id}`) : undefined;
    all.push({ id, happening, node, level, position: i + 1, siblings: nodes.length, open: isOpen, parent });
    if (isOpen) below(all, happening, node.children, id, level + 1, open);
  });
}

/** What is open after a line was opened or closed. */
export function toggled(open: ReadonlySet<string>, line: Line): Set<string> {
  const key = line.node ? `-${line.id}` : line.id;
  const next = new Set(open);
  if (!next.delete(key)) next.add(key);
  return next;
}

/** Where a key leads from a line: another line, or the same one opened or closed. */
export function step(
  all: readonly Line[],
  at: number,
  key: string,
): { at: number; toggle: boolean } | undefined {
  const line = all[at];
  if (!line) return undefined;
  const stay = (toggle: boolean) => ({ at, toggle });
  const to = (next: number) => ({ at: Math.min(Math.max(next, 0), all.length - 1), toggle: false });
  switch (key) {
    case "ArrowDown":
      return to(at + 1);
    case "ArrowUp":
      return to(at - 1);
    case "Home":
      return to(0);
    case "End":
      return to(all.length - 1);
    case "ArrowRight":
      if (line.open === false) return stay(true);
      return line.open ? to(at + 1) : stay(false);
    case "ArrowLeft":
      if (line.open) return stay(true);
      return line.parent ? to(all.findIndex((one) => one.id === line.parent)) : stay(false);
  }
  return undefined;
}
