import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "../../api/queries";
import { useIntention } from "../../api/useIntention";
import { wounds } from "../../api/wounds";
import type { Outline } from "../../gen/samspil/wound/v1/outline_pb";
import { type Suggestion, SuggestionState } from "../../gen/samspil/wound/v1/suggestion_pb";
import { dayAndTime } from "../../i18n/format";
import { AskFirst } from "./AskFirst";
import type { Shot } from "./choice";
import { difference } from "./measures";
import { Numbers, useMethod } from "./Numbers";
import styles from "./Outlines.module.css";
import { signed } from "./told";

interface MeasuredProps {
  wound: string;
  outline: Outline;
  /** What it began as, where that was a suggestion that is known. */
  suggestion: Suggestion | undefined;
  /** Its number on the photo, where there are several. */
  place: number | undefined;
  shot: Shot;
  mayWithdraw: boolean;
}

/** An outline that a person stands for, and what it measures. */
export function Measured({ wound, outline, suggestion, place, shot, mayWithdraw }: MeasuredProps) {
  const { t } = useTranslation("picture");
  const method = useMethod();
  const { measures, drawnBy, createTime } = outline;
  const { length, width } = difference(outline, shot.visit.findings);
  const origin = outline.suggestion ? originOf(suggestion) : "drawn";
  return (
    <li className={styles.outline}>
      <strong>
        {place !== undefined && `${place}: `}
        <Numbers measures={measures} />
      </strong>
      <span>{`${t(`measures.origin.${origin}`)}, ${method(measures)}`}</span>
      {(length !== undefined || width !== undefined) && (
        <span>{t("measures.difference", { length: signed(length), width: signed(width) })}</span>
      )}
      <span className={styles.who}>
        {drawnBy?.displayName}, {dayAndTime(createTime)}
      </span>
      {mayWithdraw && <Withdraw wound={wound} outline={outline} />}
    </li>
  );
}

function originOf(suggestion: Suggestion | undefined) {
  if (suggestion?.state === SuggestionState.CONFIRMED) return "confirmed";
  return suggestion?.state === SuggestionState.REDRAWN ? "redrawn" : "suggested";
}

/** What is withdrawn stays in the history but is seen no more. */
function Withdraw({ wound, outline }: { wound: string; outline: Outline }) {
  const { t } = useTranslation("picture");
  const client = useQueryClient();
  const withdraw = useIntention(
    (name: string, requestId) => wounds.withdrawOutline({ name, requestId }),
    () => client.invalidateQueries(queries.outlines(wound)),
  );
  return (
    <AskFirst
      act={t("withdraw.do")}
      sure={t("withdraw.sure")}
      keep={t("withdraw.keep")}
      busy={withdraw.isPending}
      error={withdraw.error}
      onAct={() => withdraw.mutate(outline.name)}
    />
  );
}
