/** What is only in this page's memory: while there is any, closing the window asks first. */

const held = new Set<symbol>();

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

export const unsealed = {
  /** Says that there is something; the answer takes it back. */
  hold(): () => void {
    const one = Symbol();
    if (held.size === 0) globalThis.addEventListener?.("beforeunload", ask);
    held.add(one);
    return () => {
      held.delete(one);
      if (held.size === 0) globalThis.removeEventListener?.("beforeunload", ask);
    };
  },

  any: () => held.size > 0,
};
