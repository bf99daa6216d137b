import type { ReactNode } from "react";
import styles from "./VisitForm.module.css";

/** A step of the form. Its id is where the list of what is missing leads. */
export function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className={styles.section} id={id} tabIndex={-1} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}
