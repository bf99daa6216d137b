/** Forms that survive: what is typed is sealed in this device until it is sent or thrown away. */
import { useCallback, useEffect, useRef, useState } from "react";
import { vault } from "../../session/vault";

const KIND = "form";
/** Typing of one moment is sealed together. */
const PAUSE_MS = 300;

export interface Kept<T> {
  value: T;
  set: (next: T) => void;
  /** It is sent, or not wanted any more. */
  clear: () => void;
  /** What was kept has been looked for. */
  ready: boolean;
}

/** A value that is found again after a reload, a crash, or a day. `empty` has to stay the same. */
export function useKept<T>(id: string, empty: T): Kept<T> {
  const [value, setValue] = useState(empty);
  const [ready, setReady] = useState(false);
  const unsealed = useRef<{ timer: ReturnType<typeof setTimeout>; seal: () => void } | undefined>(undefined);
  const touched = useRef(false);

  useEffect(() => {
    let wanted = true;
    vault
      .openJson<T>(KIND, id)
      .then((kept) => {
        if (wanted && kept !== undefined && !touched.current) setValue(kept);
      })
      .finally(() => wanted && setReady(true));
    const flush = () => {
      if (!unsealed.current) return;
      clearTimeout(unsealed.current.timer);
      unsealed.current.seal();
    };
    globalThis.addEventListener("pagehide", flush);
    return () => {
      wanted = false;
      globalThis.removeEventListener("pagehide", flush);
      flush();
    };
  }, [id]);

  const set = useCallback(
    (next: T) => {
      touched.current = true;
      setValue(next);
      clearTimeout(unsealed.current?.timer);
      const seal = () => {
        unsealed.current = undefined;
        if (!vault.isOpen()) return;
        const isEmpty = JSON.stringify(next) === JSON.stringify(empty);
        void (isEmpty ? vault.remove(KIND, id) : vault.sealJson(KIND, id, next));
      };
      unsealed.current = { timer: setTimeout(seal, PAUSE_MS), seal };
    },
    [id, empty],
  );

  const clear = useCallback(() => {
    clearTimeout(unsealed.current?.timer);
    unsealed.current = undefined;
    setValue(empty);
    if (vault.isOpen()) void vault.remove(KIND, id);
  }, [id, empty]);

  return { value, set, clear, ready };
}
