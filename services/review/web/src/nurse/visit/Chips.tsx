import { type ReactNode, useId } from "react";
import styles from "./fields.module.css";

interface Option<V> {
  value: V;
  label: string;
}

interface Common<V> {
  label: ReactNode;
  options: readonly Option<V>[];
  /** What was found the last time. */
  children?: ReactNode;
}

/** One of a few, each a large target. What is chosen is let go by choosing it again. */
export function OneOf<V extends number | string>({
  label,
  options,
  value,
  onChange,
  children,
}: Common<V> & { value: V | undefined; onChange: (value: V | undefined) => void }) {
  const name = useId();
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{label}</legend>
      {children}
      <div className={styles.chips}>
        {options.map((one) => (
          <label key={one.value} className={styles.chip}>
            <input
              type="radio"
              name={name}
              checked={one.value === value}
              onChange={() => onChange(one.value)}
              onClick={() => one.value === value && onChange(undefined)}
            />
            {one.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Any of a few. */
export function AnyOf<V extends number>({
  label,
  options,
  values,
  onChange,
  children,
}: Common<V> & { values: readonly V[]; onChange: (values: V[]) => void }) {
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{label}</legend>
      {children}
      <div className={styles.chips}>
        {options.map((one) => {
          const on = values.includes(one.value);
          const flip = () =>
            onChange(on ? values.filter((other) => other !== one.value) : [...values, one.value]);
          return (
            <label key={one.value} className={styles.chip}>
              <input type="checkbox" checked={on} onChange={flip} />
              {one.label}
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
