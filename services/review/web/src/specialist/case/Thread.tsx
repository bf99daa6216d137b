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
  const end = useEnd(entries.at(-1)?.id);
  return (
    <div className={styles.thread}>
      <Failure error={error} />
      {entries.length === 0 && <p>{t("thread.none")}</p>}
      <div role="log" aria-label={t("thread.label")}>
        <ol className={styles.entries}>
          {entries.map((entry) => (
            <Said key={entry.id} entry={entry} />
          ))}
        </ol>
        <div ref={end} className={styles.end} />
      </div>
      <WriteMessage name={name} typed={typed} onType={onType} />
    </div>
  );
}

/** The end of the thread: in sight to begin with, and kept so as long as the person has not gone up to read. */
function useEnd(last: string | undefined) {
  const end = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  useEffect(() => {
    if (last && following.current) end.current?.scrollIntoView({ block: "nearest" });
  }, [last]);
  useEffect(() => {
    const element = end.current;
    if (!element) return;
    const seen = new IntersectionObserver(([one]) => {
      following.current = one?.isIntersecting ?? true;
    });
    seen.observe(element);
    return () => seen.disconnect();
  }, []);
  return end;
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
