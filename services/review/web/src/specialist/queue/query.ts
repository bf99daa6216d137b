import { queryOptions } from "@tanstack/react-query";
import { wounds } from "../../api/wounds";
import type { QueueFilter } from "./filter";
import { beginReading, emptyLedger, endReading, type Ledger, takePage } from "./ledger";

/** As many as the contract gives in one page. */
const PAGE = 1000;
/** The first page is short, so that there is something to see at once. */
const FIRST_PAGE = 100;

export const queueKey = ["queue"] as const;

/** A part of the queue, shown from its first page on while the others are still being read. */
export function queueQuery(filter: QueueFilter) {
  const queryKey = [...queueKey, filter] as const;
  return queryOptions({
    queryKey,
    // A ledger shares what did not change with the one before; comparing thousands of rows would find nothing more.
    structuralSharing: false,
    queryFn: async ({ client, signal }): Promise<Ledger> => {
      const write = (step: (ledger: Ledger) => Ledger) =>
        client.setQueryData<Ledger>(queryKey, (ledger) => step(ledger ?? emptyLedger));
      write(beginReading);
      let [pageSize, pageToken] = [FIRST_PAGE, ""];
      do {
        const page = await wounds.listQueue({ ...filter, pageSize, pageToken }, { signal });
        write((ledger) => takePage(ledger, page.assessments, page.wounds));
        [pageSize, pageToken] = [PAGE, page.nextPageToken];
      } while (pageToken);
      return endReading(client.getQueryData<Ledger>(queryKey) ?? emptyLedger);
    },
  });
}
