import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "../../api/queries";
import { useIntention } from "../../api/useIntention";
import { wounds } from "../../api/wounds";
import type { Message } from "../../gen/samspil/wound/v1/message_pb";
import { dayAndTime } from "../../i18n/format";
import { usePerson } from "../../session/session";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { Failure } from "../../ui/Notice";
import { Organisation } from "../../ui/Organisation";
import styles from "./Follow.module.css";
import { NotHere } from "./NotHere";
import { useKept } from "./useKept";

/** Messages between everybody who takes part, the newest last. */
export function Thread({ wound }: { wound: string }) {
  const { t } = useTranslation("nurse");
  const client = useQueryClient();
  const messages = useQuery(queries.messages(wound));
  const { value: text, set, clear } = useKept(`message/${wound}`, "");
  const write = useIntention(
    (text: string, requestId) => wounds.createMessage({ parent: wound, message: { text }, requestId }),
    () => {
      clear();
      void client.invalidateQueries({ queryKey: queries.messages(wound).queryKey });
    },
  );
  const [open, setOpen] = useState(false);
  // What was typed before a reload is not to be overlooked.
  const begun = text !== "";
  useEffect(() => {
    if (begun) setOpen(true);
  }, [begun]);
  const oldestFirst = (messages.data ?? []).toReversed();
  return (
    <details className={styles.fold} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("thread.title", { count: oldestFirst.length })}</summary>
      <div className={styles.form}>
        {!messages.data && <NotHere error={messages.error} onRetry={messages.refetch} />}
        <ol className={styles.thread}>
          {oldestFirst.map((one) => (
            <Said key={one.name} message={one} />
          ))}
        </ol>
        <TextArea
          label={t("thread.write")}
          hint={t("thread.hint")}
          value={text}
          maxLength={10_000}
          onChange={(event) => set(event.target.value)}
        />
        <Failure error={write.error} />
        <div className={styles.actions}>
          <Button busy={write.isPending} disabled={!text.trim()} onClick={() => write.mutate(text.trim())}>
            {t("thread.send")}
          </Button>
        </div>
      </div>
    </details>
  );
}

function Said({ message }: { message: Message }) {
  const { id } = usePerson();
  const { author } = message;
  return (
    <li className={author?.person === id ? `${styles.said} ${styles.own}` : styles.said}>
      <p className={styles.quiet}>
        {author?.displayName}
        {author?.organisation && (
          <>
            {", "}
            <Organisation name={author.organisation} />
          </>
        )}
        {" · "}
        {dayAndTime(message.createTime)}
      </p>
      <p className={styles.text}>{message.text}</p>
    </li>
  );
}
