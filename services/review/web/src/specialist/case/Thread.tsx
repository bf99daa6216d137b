import { memo, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import type { Message } from "../../gen/samspil/wound/v1/message_pb";
import { dayAndTime } from "../../i18n/format";
import { usePerson } from "../../session/session";
import { Failure } from "../../ui/Notice";
import { Organisation } from "../../ui/Organisation";
import styles from "./Thread.module.css";
import { type Entry, thread } from "./thread";
import { WriteMessage } from "./WriteMessage";

/** All that was said on the case, the newest last, and the place to say something. */
export function Thread({
  name,
  messages,
  assessments,
  error,
  typed,
  onType,
}: {
  name: string;
  messages: Message[] | undefined;
  assessments: Assessment[];
  error: unknown;
  typed: string;
  onType: (text: string) => void;
}) {
  const { t } = useTranslation("case");
  const entries = useMemo(() => thread(messages ?? [], assessments), [messages, assessments]);
  const end = useRef<HTMLLIElement>(null);
  const last = entries.at(-1)?.id;
  useEffect(() => {
    if (last) end.current?.scrollIntoView({ block: "nearest" });
  }, [last]);
  return (
    <div className={styles.thread}>
      <Failure error={error} />
      {entries.length === 0 && <p>{t("thread.none")}</p>}
      <ol className={styles.entries} role="log" aria-label={t("thread.label")}>
        {entries.map((entry) => (
          <Said key={entry.id} entry={entry} />
        ))}
        <li ref={end} aria-hidden />
      </ol>
      <WriteMessage name={name} typed={typed} onType={onType} />
    </div>
  );
}

const Said = memo(function Said({ entry }: { entry: Entry }) {
  const { t } = useTranslation("case");
  const own = usePerson().id === entry.who?.person;
  return (
    <li
      className={[styles.entry, own && styles.own, entry.kind !== "message" && styles.marked]
        .filter(Boolean)
        .join(" ")}
    >
      <p className={styles.head}>
        <strong>{entry.who?.displayName}</strong>{" "}
        {entry.who && <Organisation name={entry.who.organisation} />} {t(`thread.kind.${entry.kind}`)} ·{" "}
        {dayAndTime(entry.time)}
      </p>
      {entry.text && <p className={styles.text}>{entry.text}</p>}
    </li>
  );
});
