/** Where somebody stood in the queue when they left for a case: Back brings them there again. In memory only. */

export interface Place {
  /** The name of the active row. */
  active: string | undefined;
  offset: number;
}

const places = new Map<string, Place>();
/** As many as anybody goes back through. */
const KEPT = 50;

export const place = {
  of: (visit: string): Place | undefined => places.get(visit),

  keep(visit: string, where: Place): void {
    places.delete(visit);
    places.set(visit, where);
    const oldest = places.keys().next().value;
    if (places.size > KEPT && oldest !== undefined) places.delete(oldest);
  },
};
