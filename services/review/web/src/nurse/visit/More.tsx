import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "../../api/queries";
import { TextArea } from "../../ui/Field";
import { Notice } from "../../ui/Notice";
import { When } from "../../ui/When";
import styles from "./fields.module.css";
import type { FormRecord } from "./form";

/** What the specialist asked for, and the word that goes with it. */
export function More({
  wound,
  value,
  onChange,
}: {
  wound: string;
  value: NonNullable<FormRecord["more"]>;
  onChange: (value: NonNullable<FormRecord["more"]>) => void;
}) {
  const { t } = useTranslation("visit");
  const assessments = useQuery(queries.assessments(wound)).data;
  const asked = assessments
    ?.find((one) => one.name === value.assessment)
    ?.moreRequests.findLast((one) => !one.supplyTime);
  return (
    <div className={styles.group}>
      {asked && (
        <Notice kind="info">
          <strong>{asked.askedBy?.displayName}</strong> <When time={asked.askTime} />
          <p>{asked.question}</p>
        </Notice>
      )}
      <TextArea
        label={t("more.reply")}
        maxLength={10_000}
        value={value.reply}
        onChange={(event) => onChange({ ...value, reply: event.target.value })}
      />
    </div>
  );
}
