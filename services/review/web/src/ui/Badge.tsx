import type { ReactNode } from "react";
import styles from "./Badge.module.css";

/** A short word on a state. The colour only underlines what the word says. */
export function Badge({
  kind,
  children,
}: {
  kind?: "bad" | "warn" | "good" | "info" | undefined;
  children: ReactNode;
}) {
  return <span className={[styles.badge, kind && styles[kind]].filter(Boolean).join(" ")}>{children}</span>;
}
