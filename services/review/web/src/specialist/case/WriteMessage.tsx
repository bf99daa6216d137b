import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type RefObject, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "../../api/queries";
import { wounds } from "../../api/wounds";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { Failure } from "../../ui/Notice";
import { put } from "./fresh";
import styles from "./Thread.module.css";

/** A message to everybody who takes part. What is typed stays until it has arrived. */
export function WriteMessage({ name, kept }: { name: string; kept: RefObject<string> }) {
  const { t } = useTranslation("case");
  const client = useQueryClient();
  const [typed, setTyped] = useState(kept.current);
  const type = (text: string) => {
    kept.current = text;
    setTyped(text);
  };
  // The same number for the same words, however often they have to be sent.
  const intention = useRef({ text: "", requestId: "" });
  const sending = useMutation({
    mutationFn: (text: string) => {
      if (intention.current.text !== text) intention.current = { text, requestId: crypto.randomUUID() };
      return wounds.createMessage({
        parent: name,
        message: { text },
        requestId: intention.current.requestId,
      });
    },
    onSuccess: (message) => {
      intention.current = { text: "", requestId: "" };
      client.setQueryData(queries.messages(name).queryKey, (list) => list && put(list, message));
      type("");
    },
  });
  const send = () => {
    if (typed.trim() && !sending.isPending) sending.mutate(typed.trim());
  };
  return (
    <form
      className={styles.write}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <TextArea
        label={t("thread.write")}
        hint={t("thread.keys")}
        value={typed}
        maxLength={10_000}
        rows={2}
        readOnly={sending.isPending}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
        }}
      />
      <Failure error={sending.error} onRetry={send} />
      <Button small type="submit" busy={sending.isPending} disabled={!typed.trim()}>
        {sending.isPending ? t("thread.sending") : t("thread.send")}
      </Button>
    </form>
  );
}
