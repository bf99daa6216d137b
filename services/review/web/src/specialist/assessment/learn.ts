/** What became known of an assessment, put wherever the page keeps it. */
import type { QueryClient } from "@tanstack/react-query";
import { woundOf } from "../../api/names";
import { queries } from "../../api/queries";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import type { Wound } from "../../gen/samspil/wound/v1/wound_pb";
import { matches, type QueueFilter } from "../queue/filter";
import { type Ledger, takeChange } from "../queue/ledger";
import { queueKey } from "../queue/query";
import { compareTimes } from "./standing";

/** Puts an assessment as it is now into every list that is kept. A list that knows it newer stays as it is. */
export function learn(
  client: QueryClient,
  me: { id: string; organisation: string },
  assessment: Assessment,
  wound?: Wound,
): void {
  const now = new Date();
  const known = wound ?? client.getQueryData(queries.wound(woundOf(assessment.name)).queryKey);
  for (const query of client.getQueryCache().findAll({ queryKey: queueKey })) {
    const filter = query.queryKey[1] as QueueFilter;
    client.setQueryData<Ledger>(query.queryKey, (ledger) => {
      if (!ledger) return ledger;
      const row = ledger.rows.find((one) => one.assessment.name === assessment.name);
      const asked = assessment.receiver === `organisations/${me.organisation}`;
      const stays = asked && matches(filter, assessment, known ?? row?.wound, me.id, now);
      return takeChange(ledger, assessment, known, stays);
    });
  }
  client.setQueryData(
    queries.assessments(woundOf(assessment.name)).queryKey,
    (list) => list && withNewest(list, assessment),
  );
}

/** A list, the newest first, with an assessment as it is now. */
export function withNewest(list: readonly Assessment[], assessment: Assessment): Assessment[] {
  const before = list.find((one) => one.name === assessment.name);
  if (!before) return [assessment, ...list];
  const newer = compareTimes(assessment.updateTime, before.updateTime) >= 0;
  return list.map((one) => (one === before && newer ? assessment : one));
}
