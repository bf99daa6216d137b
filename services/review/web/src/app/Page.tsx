import { type ReactNode, useEffect } from "react";
import styles from "./Page.module.css";

interface PageProps {
  /** The window's title. Never a person. */
  title: string;
  /** What stands over the page, where it is not the title. */
  heading?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}

/** A page with its heading, which is the window's title too unless it says otherwise. */
export function Page({ title, heading = title, narrow, children }: PageProps) {
  useTitle(title);
  return (
    <div className={narrow ? `${styles.page} ${styles.narrow}` : styles.page}>
      <h1>{heading}</h1>
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
