import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { pages } from "../../api/names";
import {
  type Activity,
  ActivityKind,
  ActivityKindSchema,
  ActivityState,
} from "../../gen/samspil/careplan/v1/activity_pb";
import type { CarePlan } from "../../gen/samspil/careplan/v1/care_plan_pb";
import { GoalStatus } from "../../gen/samspil/careplan/v1/parts_pb";
import { day } from "../../i18n/format";
import { term } from "../../i18n/terms";
import { Failure, Notice } from "../../ui/Notice";
import { Organisation } from "../../ui/Organisation";
import { dateOnly } from "./age";
import styles from "./PlanGlance.module.css";

/** What the citizen's care plan says: who does what by when, what waits for a yes, conditions and goals. */
export const PlanGlance = memo(function PlanGlance({
  plan,
  error,
  name,
}: {
  plan: CarePlan | undefined;
  error: unknown;
  name: string;
}) {
  const { t } = useTranslation("case");
  return (
    <div className={styles.plan}>
      <Failure error={error} />
      {plan && <PlanBody plan={plan} />}
      <p>
        <Link to={pages.patient(name)}>{t("plan.all")}</Link>
      </p>
    </div>
  );
});

/** The plan itself, on a screen or on paper. */
export function PlanBody({ plan }: { plan: CarePlan }) {
  const { t } = useTranslation("case");
  const { activities, conditions, goals } = plan;
  const inState = (state: ActivityState) => activities.filter((one) => one.state === state);
  const open = goals.filter(
    (one) => one.status !== GoalStatus.ACHIEVED && one.status !== GoalStatus.CANCELLED,
  );
  if (activities.length + conditions.length + goals.length === 0) return <p>{t("plan.none")}</p>;
  return (
    <>
      {plan.paused && <Notice kind="info">{t("plan.paused")}</Notice>}
      <Activities title={t("plan.proposals")} activities={inState(ActivityState.PROPOSED)} />
      <Activities title={t("plan.activities")} activities={inState(ActivityState.ACCEPTED)} />
      {conditions.length > 0 && (
        <section>
          <h3>{t("plan.conditions")}</h3>
          <ul>
            {conditions.map((one) => (
              <li key={one.name}>
                {one.code?.display || one.code?.code}
                {one.note && ` · ${one.note}`}
              </li>
            ))}
          </ul>
        </section>
      )}
      {open.length > 0 && (
        <section>
          <h3>{t("plan.goals")}</h3>
          <ul>
            {open.map((one) => (
              <li key={one.name}>
                {one.description}
                {one.targetDate && ` · ${t("plan.by", { date: day(dateOnly(one.targetDate)) })}`}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

const ownWords: readonly ActivityKind[] = [
  ActivityKind.UNSPECIFIED,
  ActivityKind.WOUND_CARE,
  ActivityKind.FOLLOW_UP,
];

/** What is to be done. Activities that the services put there by themselves are told by their kind, in the page's language. */
function what({ kind, description, source }: Activity): string {
  return source && !ownWords.includes(kind) ? term(ActivityKindSchema, kind) : description;
}

function Activities({ title, activities }: { title: string; activities: readonly Activity[] }) {
  const { t } = useTranslation("case");
  if (activities.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {activities.map((one) => (
          <li key={one.name}>
            {what(one)}
            <span className={styles.quiet}>
              {" "}
              · <Organisation name={one.owner} />
              {one.dueTime && ` · ${t("plan.due", { date: day(one.dueTime) })}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
