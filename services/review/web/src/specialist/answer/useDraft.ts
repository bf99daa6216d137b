import { useEffect, useState, useSyncExternalStore } from "react";
import { session } from "../../session/session";
import type { Draft } from "./draft";
import { keeperOf } from "./keeper";
import { DraftSaver, type SaveState } from "./saver";

export interface Drafting {
  draft: Draft;
  state: SaveState;
  saver: DraftSaver;
  change: (change: Partial<Draft>) => void;
}

/** One's own draft of an answer, saved by itself. Stays as it is whatever becomes of the assessment. */
export function useDraft(assessment: string): Drafting {
  const [saver] = useState(() => new DraftSaver(keeperOf(assessment)));
  const draft = useSyncExternalStore(saver.subscribe, saver.draft);
  const state = useSyncExternalStore(saver.subscribe, saver.state);
  useEffect(() => {
    saver.open();
    const flush = () => void saver.flush();
    const whenHidden = () => document.visibilityState === "hidden" && flush();
    document.addEventListener("visibilitychange", whenHidden);
    window.addEventListener("pagehide", flush);
    window.addEventListener("online", flush);
    const unsubscribe = session.subscribe(() => {
      const now = session.current();
      if (now.state === "signedIn" && !now.expired) flush();
    });
    return () => {
      document.removeEventListener("visibilitychange", whenHidden);
      window.removeEventListener("pagehide", flush);
      window.removeEventListener("online", flush);
      unsubscribe();
      flush();
    };
  }, [saver]);
  return { draft, state, saver, change: (change) => saver.change({ ...saver.draft(), ...change }) };
}
