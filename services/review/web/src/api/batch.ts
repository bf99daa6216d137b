/** Many small questions of one moment, asked as one. */

/** A function that answers one key, by asking for all keys of the same moment together, at most `limit` at a time. */
export function batched<K, V>(
  limit: number,
  ask: (keys: K[]) => Promise<Map<K, V>>,
): (key: K) => Promise<V | undefined> {
  let next: { keys: Set<K>; answer: Promise<Map<K, V>> } | undefined;
  return async (key) => {
    if (!next || next.keys.size >= limit) {
      const keys = new Set<K>();
      // Asked once all that runs now has put its keys in.
      const answer = new Promise<void>((resolve) => setTimeout(resolve)).then(() => {
        if (next?.keys === keys) next = undefined;
        return ask([...keys]);
      });
      next = { keys, answer };
    }
    next.keys.add(key);
    return (await next.answer).get(key);
  };
}
