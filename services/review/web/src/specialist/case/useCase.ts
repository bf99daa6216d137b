/** Everything that a case shows, read at once. */
import { useQuery } from "@tanstack/react-query";
import { problem } from "../../api/errors";
import { patientOf } from "../../api/names";
import { planOf } from "../../api/plans";
import { queries } from "../../api/queries";

/** The parts of a case. Each can be there, on its way or refused on its own. */
export function useCase(name: string, enabled: boolean) {
  const patient = patientOf(name);
  return {
    citizen: useQuery({ ...queries.citizen(patient), enabled }),
    wound: useQuery({ ...queries.wound(name), enabled }),
    visits: useQuery({ ...queries.visits(name), enabled }),
    assessments: useQuery({ ...queries.assessments(name), enabled }),
    messages: useQuery({ ...queries.messages(name), enabled }),
    scores: useQuery({ ...queries.scores(name), enabled }),
    healing: useQuery({ ...queries.healing(name), enabled }),
    outlines: useQuery({ ...queries.outlines(name), enabled }),
    flags: useQuery({ ...queries.flags(name), enabled }),
    plan: useQuery({ ...planOf(patient), enabled }),
  };
}

export type CaseData = ReturnType<typeof useCase>;

/** Whether any part was refused because there is no relation to the patient: then nothing of the case may be shown. */
export function isDenied(data: CaseData): boolean {
  const parts = [data.wound, data.visits, data.assessments, data.messages, data.healing];
  return parts.some(({ error }) => error && problem(error).reason === "NO_RELATION");
}
