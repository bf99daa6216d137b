import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { idOf, pages, woundOf } from "../../api/names";
import { queries } from "../../api/queries";
import { useIntention } from "../../api/useIntention";
import { wounds } from "../../api/wounds";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import { Button, ButtonLink } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { Failure } from "../../ui/Notice";
import { When } from "../../ui/When";
import styles from "./Follow.module.css";
import { useKept } from "./useKept";

/** The specialist needs more: by new photos, or by words where they will do. */
export function MoreCard({ assessment, records }: { assessment: Assessment; records: boolean }) {
  const { t } = useTranslation("nurse");
  const client = useQueryClient();
  const { value: reply, set, clear } = useKept(`reply/${assessment.name}`, "");
  const [missing, setMissing] = useState(false);
  const asked = assessment.moreRequests.at(-1);
  const supply = useIntention(
    ({ reply, etag }: { reply: string; etag: string }, requestId) =>
      wounds.supplyMore({ name: assessment.name, reply, etag, requestId }),
    () => {
      clear();
      void client.invalidateQueries({ queryKey: queries.assessments(woundOf(assessment.name)).queryKey });
    },
  );
  const send = () => {
    setMissing(!reply.trim());
    if (reply.trim()) supply.mutate({ reply: reply.trim(), etag: assessment.etag });
  };
  return (
    <section className={`${styles.card} ${styles.more}`} aria-label={t("more.title")}>
      <div>
        <h4 className={styles.cardTitle}>{t("more.title")}</h4>
        <p className={styles.quiet}>
          {asked?.askedBy?.displayName} · <When time={asked?.askTime} />
        </p>
      </div>
      <p className={`${styles.text} ${styles.large}`}>{asked?.question}</p>
      {records && (
        <>
          <ButtonLink
            kind="primary"
            wide
            to={`${pages.visit(assessment.name)}?more=${idOf(assessment.name)}`}
          >
            {t("more.visit")}
          </ButtonLink>
          <TextArea
            label={t("more.words")}
            error={missing ? t("more.wordsMissing") : undefined}
            value={reply}
            maxLength={10_000}
            onChange={(event) => set(event.target.value)}
          />
          <Failure error={supply.error} />
          <Button busy={supply.isPending} onClick={send}>
            {t("more.send")}
          </Button>
        </>
      )}
    </section>
  );
}
