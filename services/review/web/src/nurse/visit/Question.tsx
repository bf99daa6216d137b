import { useTranslation } from "react-i18next";
import { AssessmentPrioritySchema } from "../../gen/samspil/wound/v1/assessment_pb";
import { choices } from "../../i18n/terms";
import { Choice, TextArea } from "../../ui/Field";
import { Notice } from "../../ui/Notice";
import { OneOf } from "./Chips";
import styles from "./fields.module.css";
import type { QuestionForm } from "./form";
import { useHospitals } from "./hospitals";

/** What the nurse asks the specialist, or that she asks nothing. */
export function Question({
  wound,
  value,
  onChange,
}: {
  wound: string;
  value: QuestionForm;
  onChange: (value: QuestionForm) => void;
}) {
  const { t } = useTranslation("visit");
  const hospitals = useHospitals(wound);
  const [first] = hospitals;
  const chosen = hospitals.find((one) => one.name === value.receiver);
  const want = (wanted: QuestionForm["wanted"]) => {
    const { wanted: _, ...rest } = value;
    // Most patients have one hospital: no need to look for it.
    const receiver = value.receiver || (first?.covered ? first.name : "");
    onChange({ ...rest, receiver, ...(wanted && { wanted }) });
  };
  return (
    <div className={styles.group}>
      <OneOf
        label={t("question.wanted")}
        options={[
          { value: "ask", label: t("question.ask") },
          { value: "none", label: t("question.none") },
        ]}
        value={value.wanted}
        onChange={want}
      />
      {value.wanted === "ask" && (
        <>
          <TextArea
            label={t("question.text")}
            maxLength={10_000}
            value={value.text}
            onChange={(event) => onChange({ ...value, text: event.target.value })}
          />
          <Choice
            label={t("question.receiver")}
            value={value.receiver || undefined}
            options={hospitals.map((one) => ({
              value: one.name,
              label: one.covered === false ? t("question.uncovered", { name: one.label }) : one.label,
            }))}
            empty={t("question.choose")}
            onChange={(receiver) => onChange({ ...value, receiver: receiver ?? "" })}
          />
          {hospitals.length === 0 && <Notice kind="warn">{t("question.noHospitals")}</Notice>}
          {chosen?.covered === false && <Notice kind="warn">{t("question.needsConsent")}</Notice>}
          <OneOf
            label={t("question.priority")}
            options={choices<QuestionForm["priority"]>(AssessmentPrioritySchema)}
            value={value.priority}
            onChange={(priority) => priority && onChange({ ...value, priority })}
          />
          <p className={styles.last}>{t("question.emergency")}</p>
        </>
      )}
    </div>
  );
}
