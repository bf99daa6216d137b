import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { woundOf } from "../../api/names";
import { queries } from "../../api/queries";
import { wounds } from "../../api/wounds";
import { type Flag, FlagKindSchema, FlagState } from "../../gen/samspil/wound/v1/flag_pb";
import { dayAndTime } from "../../i18n/format";
import { term } from "../../i18n/terms";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Failure } from "../../ui/Notice";
import styles from "./Flags.module.css";
import { putIf } from "./fresh";

/** What the safety watch warns of; each opens to say why, and to be taken note of. */
export function Flags({ flags }: { flags: readonly Flag[] }) {
  const { t } = useTranslation("case");
  if (flags.length === 0) return null;
  return (
    <ul className={styles.flags} aria-label={t("flags.label")}>
      {flags.map((flag) => (
        <li key={flag.name}>
          <details className={styles.flag}>
            <summary>
              <Badge kind={flag.state === FlagState.RAISED ? "bad" : "warn"}>
                ⚠ {term(FlagKindSchema, flag.kind)}
                {flag.state === FlagState.ACKNOWLEDGED && ` · ${t("flags.acknowledged")}`}
              </Badge>
            </summary>
            <div className={styles.why}>
              <p>{t("flags.since", { when: dayAndTime(flag.raiseTime) })}</p>
              <p lang="en">{flag.reason}</p>
              {flag.acknowledgements.map((one) => (
                <p key={`${one.actor?.person} ${one.note}`}>
                  {t("flags.seenBy", {
                    name: one.actor?.displayName,
                    when: dayAndTime(one.time),
                    note: one.note,
                  })}
                </p>
              ))}
              {flag.state === FlagState.RAISED && <TakeNote flag={flag} />}
            </div>
          </details>
        </li>
      ))}
    </ul>
  );
}

function TakeNote({ flag }: { flag: Flag }) {
  const { t } = useTranslation("case");
  const client = useQueryClient();
  const [note, setNote] = useState("");
  const requestId = useRef(crypto.randomUUID());
  const taking = useMutation({
    mutationFn: () =>
      wounds.acknowledgeFlag({ name: flag.name, note, etag: flag.etag, requestId: requestId.current }),
    onSuccess: (next) =>
      client.setQueryData(
        queries.flags(woundOf(flag.name)).queryKey,
        (list) => list && putIf(list, next, next.state !== FlagState.CLEARED),
      ),
  });
  const type = (text: string) => {
    setNote(text);
    requestId.current = crypto.randomUUID();
  };
  return (
    <form
      className={styles.note}
      onSubmit={(event) => {
        event.preventDefault();
        if (note.trim() && !taking.isPending) taking.mutate();
      }}
    >
      <TextField
        label={t("flags.note")}
        value={note}
        maxLength={2000}
        onChange={(event) => type(event.target.value)}
      />
      <Failure error={taking.error} />
      <Button small type="submit" busy={taking.isPending} disabled={!note.trim()}>
        {t("flags.acknowledge")}
      </Button>
    </form>
  );
}
