import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { planOf, plans } from "../../api/plans";
import { watch } from "../../api/watch";
import { type Activity, ActivityState } from "../../gen/samspil/careplan/v1/activity_pb";
import type { CarePlanUpdate } from "../../gen/samspil/careplan/v1/care_plan_pb";
import { usePerson } from "../../session/session";
import { Waiting } from "../../ui/Waiting";
import { NotHere } from "../follow/NotHere";
import styles from "./Patient.module.css";
import { PlanActivity } from "./PlanActivity";

/** What is agreed on, and what others propose. */
export function Plan({ patient }: { patient: string }) {
  const { t } = useTranslation("nurse");
  const { role, organisation } = usePerson();
  const plan = useQuery(planOf(patient));
  useWatchPlan(patient);
  const activities = plan.data?.activities ?? [];
  const own = `organisations/${organisation}`;
  const mayWrite = role === "nurse" || role === "gp";
  const proposed = activities.filter((one) => one.state === ActivityState.PROPOSED && one.owner === own);
  const agreed = activities.filter((one) => !proposed.includes(one));
  const item = (one: Activity) => (
    <PlanActivity key={one.name} activity={one} mine={mayWrite && one.owner === own} />
  );
  return (
    <section aria-labelledby="plan" className={styles.section}>
      <h2 id="plan">{t("plan.title")}</h2>
      {plan.data ? null : plan.error ? <NotHere error={plan.error} onRetry={plan.refetch} /> : <Waiting />}
      {plan.data?.paused && <p className={styles.quiet}>{t("plan.paused")}</p>}
      {proposed.length > 0 && (
        <>
          <h3>{t("plan.proposed")}</h3>
          {proposed.map(item)}
          <h3>{t("plan.agreed")}</h3>
        </>
      )}
      {agreed.map(item)}
      {plan.data && agreed.length === 0 && <p>{t("plan.nothing")}</p>}
    </section>
  );
}

/** Reads the plan anew whenever somebody has changed it. */
function useWatchPlan(patient: string): void {
  const client = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    const refresh = () => void client.invalidateQueries({ queryKey: planOf(patient).queryKey });
    void watch<CarePlanUpdate>(
      {
        open: (cursor, signal) =>
          plans.watchCarePlan({ name: `${patient}/carePlan`, cursor }, { signal, timeoutMs: 0 }),
        take: (update) => update.type && refresh(),
        refresh,
      },
      stop.signal,
    );
    return () => stop.abort();
  }, [client, patient]);
}
