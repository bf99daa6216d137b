import { useTranslation } from "react-i18next";
import { TissueTypeSchema } from "../../gen/samspil/wound/v1/visit_pb";
import { choices } from "../../i18n/terms";
import ui from "../../ui/Field.module.css";
import type { Findings } from "../outbox/findings";
import styles from "./fields.module.css";

type Shares = Findings["tissue"];
type Type = Shares[number]["type"];

const STEP = 5;

/** The shares of the bed, with what they add up to. */
export function Tissue({ shares, onChange }: { shares: Shares; onChange: (shares: Shares) => void }) {
  const { t } = useTranslation("visit");
  const sum = shares.reduce((all, one) => all + one.percent, 0);
  const percentOf = (type: Type) => shares.find((one) => one.type === type)?.percent ?? 0;
  const set = (type: Type, percent: number) => {
    const others = shares.filter((one) => one.type !== type);
    onChange(percent > 0 ? [...others, { type, percent }].sort((a, b) => a.type - b.type) : others);
  };
  return (
    <div className={styles.group}>
      {choices<Type>(TissueTypeSchema).map(({ value, label }) => (
        <label key={value} className={styles.share}>
          <span>{label}</span>
          <input
            type="range"
            min={0}
            max={100}
            step={STEP}
            value={percentOf(value)}
            aria-valuetext={t("tissue.percent", { percent: percentOf(value) })}
            onChange={(event) => set(value, Number(event.target.value))}
          />
          <output>{t("tissue.percent", { percent: percentOf(value) })}</output>
        </label>
      ))}
      {shares.length > 0 && (
        <div className={sum > 100 ? `${styles.sum} ${styles.tooMuch}` : styles.sum} role="status">
          <span>{t("tissue.sum", { sum })}</span>
          {sum > 100 && <span className={ui.error}>{t("tissue.tooMuch")}</span>}
          {sum < 100 && (
            <Rest
              shares={shares}
              rest={100 - sum}
              onGive={(type) => set(type, percentOf(type) + 100 - sum)}
            />
          )}
        </div>
      )}
    </div>
  );
}

/** The usual last step: what is left is of a kind that is there already. */
function Rest({ shares, rest, onGive }: { shares: Shares; rest: number; onGive: (type: Type) => void }) {
  const { t } = useTranslation("visit");
  const labels = new Map(choices<Type>(TissueTypeSchema).map(({ value, label }) => [value, label]));
  return shares.map(({ type }) => (
    <button key={type} type="button" className={styles.again} onClick={() => onGive(type)}>
      {t("tissue.rest", { rest, type: labels.get(type)?.toLowerCase() })}
    </button>
  ));
}
