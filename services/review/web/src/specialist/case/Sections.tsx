import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import { Failure } from "../../ui/Notice";
import { type Tab, Tabs } from "../../ui/Tabs";
import { Waiting } from "../../ui/Waiting";
import { Earlier } from "./Earlier";
import { FindingsTable } from "./FindingsTable";
import { PlanGlance } from "./PlanGlance";
import styles from "./Sections.module.css";
import { Thread } from "./Thread";
import type { CaseData } from "./useCase";
import { Viewers } from "./Viewers";

/** The charts come when somebody first wants them. */
const HealingView = lazy(() => import("./HealingView"));

type Key = "findings" | "healing" | "thread" | "plan" | "earlier" | "viewers";

/** All that belongs to a case besides its pictures and the question. */
export function Sections({
  name,
  data,
  shown,
  typed,
  onType,
}: {
  name: string;
  data: CaseData;
  shown: Assessment | undefined;
  typed: string;
  onType: (text: string) => void;
}) {
  const { t } = useTranslation("case");
  const [chosen, setChosen] = useState<Key>("findings");
  const assessments = data.assessments.data ?? [];
  const earlier = assessments.filter((one) => one !== shown && one.answers.length > 0);
  const tabs: Tab<Key>[] = [
    {
      key: "findings",
      label: t("tabs.findings"),
      content: () => <FindingsTable visits={data.visits.data} scores={data.scores.data} />,
    },
    {
      key: "healing",
      label: t("tabs.healing"),
      content: () => (
        <Suspense fallback={<Waiting />}>
          <Failure error={data.healing.error ?? data.scores.error} />
          <HealingView
            healing={data.healing.data}
            scores={data.scores.data}
            outlines={data.outlines.data}
            visits={data.visits.data}
          />
        </Suspense>
      ),
    },
    {
      key: "thread",
      label: count(t("tabs.thread"), data.messages.data?.length),
      content: () => (
        <Thread
          name={name}
          messages={data.messages.data}
          assessments={assessments}
          error={data.messages.error}
          typed={typed}
          onType={onType}
        />
      ),
    },
    {
      key: "plan",
      label: count(t("tabs.plan"), data.plan.data?.activities.length),
      content: () => <PlanGlance plan={data.plan.data} error={data.plan.error} name={name} />,
    },
    {
      key: "earlier",
      label: count(t("tabs.earlier"), earlier.length),
      content: () => <Earlier assessments={earlier} />,
    },
    { key: "viewers", label: t("tabs.viewers"), content: () => <Viewers name={name} /> },
  ];
  return (
    <section className={styles.sections} aria-label={t("tabs.label")}>
      <Tabs label={t("tabs.label")} tabs={tabs} chosen={chosen} onChoose={setChosen} />
    </section>
  );
}

function count(label: string, number: number | undefined): string {
  return number ? `${label} (${number})` : label;
}
