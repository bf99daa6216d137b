import type { ButtonHTMLAttributes, Ref } from "react";
import { Link, type LinkProps } from "react-router";
import styles from "./Button.module.css";

interface Look {
  /** One `primary` a view: what the person most likely wants next. */
  kind?: "plain" | "primary" | "danger" | "quiet";
  small?: boolean;
  wide?: boolean;
}

/** The class of anything that has to look like a button. */
export function buttonClass({ kind = "plain", small, wide }: Look): string {
  const parts = [styles.button, kind !== "plain" && styles[kind], small && styles.small, wide && styles.wide];
  return parts.filter(Boolean).join(" ");
}

type ButtonProps = Look &
  ButtonHTMLAttributes<HTMLButtonElement> & { busy?: boolean; ref?: Ref<HTMLButtonElement> };

/** A button. While `busy` it says so and does nothing, but keeps the focus. */
export function Button({ kind, small, wide, busy, onClick, className, ...rest }: ButtonProps) {
  const look = buttonClass({ ...(kind && { kind }), ...(small && { small }), ...(wide && { wide }) });
  return (
    <button
      type="button"
      className={[look, className].filter(Boolean).join(" ")}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...rest}
    />
  );
}

/** A link that looks like a button. */
export function ButtonLink({ kind, small, wide, ...rest }: Look & LinkProps) {
  const look = buttonClass({ ...(kind && { kind }), ...(small && { small }), ...(wide && { wide }) });
  return <Link className={look} {...rest} />;
}
