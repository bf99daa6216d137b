import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Field";
import type { Findings } from "../outbox/findings";
import styles from "./fields.module.css";
import { NumberField } from "./NumberField";

type Tunnels = Findings["undermining"];

/** By the contract. */
const MOST_TUNNELS = 12;
const MOST_MM = 500;

/** Undermining and tunnels by the clock face. */
export function Undermining({ value, onChange }: { value: Tunnels; onChange: (value: Tunnels) => void }) {
  const { t } = useTranslation("visit");
  const hours = Array.from({ length: 12 }, (_, at) => ({
    value: at + 1,
    label: t("clock.hour", { hour: at + 1 }),
  }));
  const set = (index: number, change: Partial<Tunnels[number]>) =>
    onChange(value.map((one, at) => (at === index ? { ...one, ...change } : one)));
  return (
    <div className={styles.group}>
      {value.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a tunnel is nothing but its place in the list
        <fieldset key={index} className={styles.tunnel}>
          <legend className={styles.legend}>{t("clock.one", { number: index + 1 })}</legend>
          <div className={styles.pair}>
            <Choice
              label={t("clock.from")}
              value={one.fromClock}
              options={hours}
              onChange={(fromClock) => fromClock && set(index, { fromClock })}
            />
            <Choice
              label={t("clock.to")}
              value={one.toClock}
              options={hours}
              onChange={(toClock) => toClock && set(index, { toClock })}
            />
          </div>
          <NumberField
            label={t("clock.depth")}
            unit="mm"
            value={one.lengthMm || undefined}
            most={MOST_MM}
            onChange={(read) => set(index, { lengthMm: read.value ?? 0 })}
          />
          <Button small onClick={() => onChange(value.filter((_, at) => at !== index))}>
            {t("clock.remove", { number: index + 1 })}
          </Button>
        </fieldset>
      ))}
      {value.length < MOST_TUNNELS && (
        <Button onClick={() => onChange([...value, { fromClock: 12, toClock: 12, lengthMm: 0 }])}>
          {t("clock.add")}
        </Button>
      )}
    </div>
  );
}
