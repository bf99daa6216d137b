import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import styles from "./Answer.module.css";

const usual = [3, 7, 14, 30] as const;

/** In how many days the next photos are due. */
export function NextPhotoField({
  value,
  error,
  onChange,
}: {
  value: number;
  error: string | undefined;
  onChange: (days: number) => void;
}) {
  const { t } = useTranslation(["answer"]);
  return (
    <Field label={t("next.label")} error={error}>
      {(wiring) => (
        <div className={styles.next}>
          <input
            {...wiring}
            type="number"
            min={1}
            max={365}
            value={value || ""}
            onChange={(event) =>
              onChange(Math.max(0, Math.min(365, Math.trunc(Number(event.target.value)) || 0)))
            }
          />
          <span>{t("plan.days")}</span>
          {usual.map((days) => (
            <Button
              key={days}
              small
              aria-pressed={days === value}
              aria-label={t("next.days", { count: days })}
              className={days === value ? styles.chosen : undefined}
              onClick={() => onChange(days)}
            >
              {days}
            </Button>
          ))}
        </div>
      )}
    </Field>
  );
}
