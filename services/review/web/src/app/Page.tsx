import { type ReactNode, useEffect } from "react";
import styles from "./Page.module.css";

/** A page with its heading, which is the window's title too. */
export function Page({ title, narrow, children }: { title: string; narrow?: boolean; children: ReactNode }) {
  useTitle(title);
  return (
    <div className={narrow ? `${styles.page} ${styles.narrow}` : styles.page}>
      <h1>{title}</h1>
      {children}
    </div>
  );
}

/** Names the window. Never after a person: titles end up in histories. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Samspil`;
  }, [title]);
}
