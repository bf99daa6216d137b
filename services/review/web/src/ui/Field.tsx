import { type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes, useId } from "react";
import styles from "./Field.module.css";

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode | undefined;
  /** What is wrong with it. */
  error?: ReactNode | undefined;
}

interface Wiring {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
  className: string | undefined;
}

/** A label, a control, and what is to be said about it, tied together for those who do not see them. */
export function Field({
  label,
  hint,
  error,
  children,
}: FieldProps & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const wiring: Wiring = {
    id,
    "aria-describedby": told || undefined,
    "aria-invalid": error ? true : undefined,
    className: styles.input,
  };
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {hint && (
        <span className={styles.hint} id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {children(wiring)}
      {error && (
        <span className={styles.error} id={`${id}-error`} role="alert">
          {error}
        </span>
      )}
    </div>
  );
}

/** A line of text. */
export function TextField({
  label,
  hint,
  error,
  ...rest
}: FieldProps & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => <input type="text" {...rest} {...wiring} />}
    </Field>
  );
}

/** Several lines of text. */
export function TextArea({
  label,
  hint,
  error,
  ...rest
}: FieldProps & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => <textarea {...rest} {...wiring} />}
    </Field>
  );
}

/** One of a few: the browser's own list, which every phone does best. */
export function Choice<V extends string | number>({
  label,
  hint,
  error,
  value,
  options,
  empty,
  onChange,
}: FieldProps & {
  value: V | undefined;
  options: readonly { value: V; label: string }[];
  /** What stands for nothing chosen. Without it something always is. */
  empty?: string;
  onChange: (value: V | undefined) => void;
}) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => (
        <select
          {...wiring}
          value={value === undefined ? "" : String(value)}
          onChange={(event) =>
            onChange(options.find((one) => String(one.value) === event.target.value)?.value)
          }
        >
          {empty !== undefined && <option value="">{empty}</option>}
          {options.map((one) => (
            <option key={one.value} value={String(one.value)}>
              {one.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
