import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { pages } from "../../api/names";
import { AssessmentState } from "../../gen/samspil/wound/v1/assessment_pb";
import { ButtonLink } from "../../ui/Button";
import { casePage } from "../queue/casePage";
import type { Ledger } from "../queue/ledger";
import { queueKey } from "../queue/query";
import styles from "./Answer.module.css";

/** On to the next case that nobody has taken, as far as the queue was read. */
export function NextCase({ after }: { after: string }) {
  const { t } = useTranslation(["answer"]);
  const client = useQueryClient();
  const queues = client.getQueriesData<Ledger>({ queryKey: queueKey });
  const rows =
    queues.map(([, ledger]) => ledger?.rows ?? []).toSorted((a, b) => b.length - a.length)[0] ?? [];
  const next = rows.find(
    ({ assessment }) => assessment.state === AssessmentState.REQUESTED && assessment.name !== after,
  );
  return (
    <div className={styles.buttons}>
      {next && (
        <ButtonLink kind="primary" to={casePage(next.assessment.name)}>
          {t("after.next")}
        </ButtonLink>
      )}
      <ButtonLink to={pages.queue}>{t("after.queue")}</ButtonLink>
    </div>
  );
}
