/** To which row a key leads; nothing for a key that does not move. */
export function stepOf(key: string, at: number, page: number, count: number): number | undefined {
  const to = target(key, at, page, count);
  return to === undefined ? undefined : Math.max(0, Math.min(to, count - 1));
}

function target(key: string, at: number, page: number, count: number): number | undefined {
  switch (key) {
    case "j":
    case "ArrowDown":
      return at + 1;
    case "k":
    case "ArrowUp":
      return at - 1;
    case "PageDown":
      return at + page;
    case "PageUp":
      return at - page;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
