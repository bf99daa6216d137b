import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import ui from "../../ui/Field.module.css";
import styles from "./fields.module.css";
import { parse } from "./form";

/** A whole number, typed or stepped. What is typed and is no number stays, and is told. */
export function NumberField({
  label,
  unit,
  value,
  typed,
  most,
  onChange,
  children,
}: {
  label: string;
  unit: string;
  value: number | undefined;
  typed?: string | undefined;
  most: number;
  onChange: (read: { value?: number; typed?: string }) => void;
  children?: ReactNode;
}) {
  const { t } = useTranslation("visit");
  const id = useId();
  const [rejected, setRejected] = useState(typed);
  const take = (read: { value?: number; typed?: string }) => {
    setRejected(read.typed);
    onChange(read);
  };
  const step = (by: number) => take({ value: Math.min(Math.max((value ?? 0) + by, 0), most) });
  return (
    <div className={styles.group}>
      <label className={styles.legend} htmlFor={id}>
        {label} <span className={ui.hint}>({unit})</span>
      </label>
      <div className={styles.number}>
        <button type="button" aria-label={t("number.less", { label })} onClick={() => step(-1)}>
          −
        </button>
        <input
          id={id}
          className={ui.input}
          inputMode="numeric"
          autoComplete="off"
          value={rejected ?? value ?? ""}
          aria-invalid={rejected !== undefined || undefined}
          aria-describedby={rejected === undefined ? undefined : `${id}-error`}
          onChange={(event) => take(parse(event.target.value, most))}
        />
        <button type="button" aria-label={t("number.more", { label })} onClick={() => step(1)}>
          +
        </button>
      </div>
      {rejected !== undefined && (
        <span className={ui.error} id={`${id}-error`} role="alert">
          {t("number.wrong", { most, unit })}
        </span>
      )}
      {children}
    </div>
  );
}
