import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";
import { problem } from "../../api/errors";
import { patientOf } from "../../api/names";
import { queries } from "../../api/queries";
import { useTitle } from "../../app/Page";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import { usePerson } from "../../session/session";
import { Failure } from "../../ui/Notice";
import { Waiting } from "../../ui/Waiting";
import { AnswerDesk } from "../answer/AnswerDesk";
import { PictureDesk } from "../picture/PictureDesk";
import { CaseHeader } from "./CaseHeader";
import styles from "./CasePage.module.css";
import { chosen } from "./chosen";
import { Gone } from "./Gone";
import { Questions } from "./Questions";
import { Sections } from "./Sections";
import { isDenied, useCase } from "./useCase";
import { useWatchPlan, useWatchWound } from "./useWatchWound";

/** The case on one screen. */
export function Component() {
  const { patient, wound } = useParams();
  const name = `patients/${patient}/wounds/${wound}`;
  return <Case key={name} name={name} />;
}

const NONE: never[] = [];

function Case({ name }: { name: string }) {
  const { t } = useTranslation("case");
  useTitle(t("title"));
  const person = usePerson();
  const client = useQueryClient();
  const [params] = useSearchParams();
  // What is typed in the thread: no reason to draw the case anew, but to be there when the thread, or the case, is taken away.
  const typed = useRef("");
  const [gone, setGone] = useState(false);
  const data = useCase(name, !gone);
  const denied = isDenied(data);
  const refuse = useCallback(() => setGone(true), []);
  useWatchWound(name, !gone, refuse);
  useWatchPlan(patientOf(name), !gone && data.plan.isSuccess);

  useEffect(() => {
    if (denied) setGone(true);
  }, [denied]);
  useEffect(
    () =>
      // What a person does may be refused before the stream finds out: then the case is read again, and that says so too.
      client.getMutationCache().subscribe(({ type, mutation }) => {
        const error = type === "updated" && mutation?.state.error;
        if (error && problem(error).reason === "NO_RELATION") client.invalidateQueries(queries.wound(name));
      }),
    [client, name],
  );
  useEffect(() => {
    const patient = patientOf(name);
    const isOfPatient = (part: unknown) => typeof part === "string" && part.startsWith(patient);
    if (gone) client.removeQueries({ predicate: ({ queryKey }) => queryKey.some(isOfPatient) });
  }, [gone, client, name]);

  const assessments = data.assessments.data ?? NONE;
  const assessment = chosen(assessments, params.get("assessment"));
  const held = useHeld(assessment, person.id);
  const desk = gone ? held.current : assessment;
  const wound = useLast(data.wound.data);
  if (!gone && data.wound.isPending) return <Waiting />;
  if (!gone && !data.wound.data)
    return <Failure error={data.wound.error} onRetry={() => data.wound.refetch()} />;
  // Once it is gone nothing is left but the answer that the person was writing, in its place so that no word of it is lost.
  return (
    <div className={styles.case}>
      {gone ? (
        <Gone typed={typed.current} wasSeen={wound.current !== undefined} />
      ) : (
        data.wound.data && <CaseHeader wound={data.wound.data} data={data} />
      )}
      <div className={gone ? styles.left : styles.desk}>
        {!gone && data.wound.data && (
          <section className={styles.pictures} aria-label={t("pictures.label")}>
            <Failure error={data.visits.error} onRetry={() => data.visits.refetch()} />
            <Failure error={data.outlines.error} onRetry={() => data.outlines.refetch()} />
            <PictureDesk
              wound={data.wound.data}
              visits={data.visits.data ?? NONE}
              outlines={data.outlines.data ?? NONE}
            />
          </section>
        )}
        <div className={styles.work}>
          <section className={styles.question} aria-label={t("question.label")}>
            {!gone && <Failure error={data.assessments.error} onRetry={() => data.assessments.refetch()} />}
            {!gone && data.assessments.data && <Questions assessments={assessments} shown={assessment} />}
            {desk && wound.current && <AnswerDesk key={desk.name} assessment={desk} wound={wound.current} />}
          </section>
          {!gone && <Sections name={name} data={data} shown={assessment} typed={typed} />}
        </div>
      </div>
    </div>
  );
}

/** The last that there was, also after it is gone. */
function useLast<T>(value: T | undefined) {
  const last = useRef(value);
  if (value !== undefined) last.current = value;
  return last;
}

/** The assessment that the person was answering: what they have typed stays with them when the case is taken away. */
function useHeld(assessment: Assessment | undefined, person: string) {
  return useLast(assessment?.claim?.holder?.person === person ? assessment : undefined);
}
