import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { woundOf } from "../../api/names";
import { queries } from "../../api/queries";
import { useIntention } from "../../api/useIntention";
import { wounds } from "../../api/wounds";
import { type Flag, FlagKindSchema, FlagState } from "../../gen/samspil/wound/v1/flag_pb";
import { day } from "../../i18n/format";
import { term } from "../../i18n/terms";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { Failure } from "../../ui/Notice";
import { When } from "../../ui/When";
import type { Caseload } from "./caseload";
import styles from "./Follow.module.css";

/** What the safety watch warns of. */
export function Flags({ wound, caseload }: { wound: string; caseload: Caseload }) {
  const taken = [...caseload.flags.values()].filter((one) => woundOf(one.name) === wound);
  const flags = useQuery({
    ...queries.flags(wound),
    initialData: taken,
    initialDataUpdatedAt: caseload.at,
  });
  const standing = (flags.data ?? []).filter((one) => one.state !== FlagState.CLEARED);
  return (
    <>
      {standing.map((one) => (
        <FlagCard key={one.name} flag={one} />
      ))}
    </>
  );
}

function FlagCard({ flag }: { flag: Flag }) {
  const { t } = useTranslation("nurse");
  const client = useQueryClient();
  const [note, setNote] = useState("");
  const [missing, setMissing] = useState(false);
  const acknowledge = useIntention(
    ({ note, etag }: { note: string; etag: string }, requestId) =>
      wounds.acknowledgeFlag({ name: flag.name, note, etag, requestId }),
    () => {
      setNote("");
      void client.invalidateQueries({ queryKey: queries.flags(woundOf(flag.name)).queryKey });
    },
  );
  const send = () => {
    setMissing(!note.trim());
    if (note.trim()) acknowledge.mutate({ note: note.trim(), etag: flag.etag });
  };
  const last = flag.acknowledgements.at(-1);
  return (
    <section className={styles.card} aria-label={t("flag.title")}>
      <div className={styles.actions}>
        <Badge kind={flag.state === FlagState.RAISED ? "warn" : undefined}>
          {term(FlagKindSchema, flag.kind)}
        </Badge>
        <span className={styles.quiet}>
          <When time={flag.raiseTime} />
        </span>
      </div>
      {last && (
        <p className={styles.quiet}>
          {t("flag.acknowledged", { name: last.actor?.displayName, date: day(last.time), note: last.note })}
        </p>
      )}
      {flag.state === FlagState.RAISED && (
        <details className={styles.fold}>
          <summary>{t("flag.acknowledge")}</summary>
          <div className={styles.form}>
            <TextArea
              label={t("flag.note")}
              hint={t("flag.noteHint")}
              error={missing ? t("flag.noteMissing") : undefined}
              value={note}
              maxLength={2000}
              onChange={(event) => setNote(event.target.value)}
            />
            <Failure error={acknowledge.error} />
            <Button busy={acknowledge.isPending} onClick={send}>
              {t("flag.acknowledge")}
            </Button>
          </div>
        </details>
      )}
    </section>
  );
}
