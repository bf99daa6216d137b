/** Names for the opaque ids that a story's spans carry, from all that people signed on the wound. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { queries } from "../../api/queries";
import type { Actor } from "../../gen/samspil/common/v1/common_pb";

export function usePeople(wound: string): (id: string) => string {
  const viewers = useQuery(queries.viewers(wound)).data;
  const visits = useQuery(queries.visits(wound)).data;
  const assessments = useQuery(queries.assessments(wound)).data;
  const messages = useQuery(queries.messages(wound)).data;
  const names = useMemo(() => {
    const actors: (Actor | undefined)[] = [
      ...(viewers ?? []).map((one) => one.actor),
      ...(visits ?? []).map((one) => one.recordedBy),
      ...(messages ?? []).map((one) => one.author),
      ...(assessments ?? []).flatMap((one) => [
        one.requestedBy,
        one.claim?.holder,
        ...one.answers.map((answer) => answer.signedBy),
        ...one.moreRequests.map((more) => more.askedBy),
      ]),
    ];
    return new Map(
      actors.flatMap((actor) => (actor?.displayName ? [[actor.person, actor.displayName]] : [])),
    );
  }, [viewers, visits, assessments, messages]);
  return (id) => names.get(id) ?? id;
}
