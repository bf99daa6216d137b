import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";
import { useTranslation } from "react-i18next";
import { day } from "../../i18n/format";
import styles from "./Answer.module.css";
import { diff } from "./diff";
import { type Draft, said } from "./draft";
import { Marked, OnePiece } from "./Marked";

interface AnswerTextProps {
  answer: Draft;
  /** When it was signed. Not yet, when not told. */
  signed?: Timestamp | undefined;
  /** The version before, to mark what is different. */
  before?: Draft | undefined;
}

/** An answer as it reads. */
export function AnswerText({ answer, signed, before }: AnswerTextProps) {
  const { t } = useTranslation(["answer"]);
  const by = (days: number) => {
    if (!signed) return t("by.days", { count: days });
    return t("by.day", { day: day(new Date(timestampDate(signed).getTime() + days * 86_400_000)) });
  };
  const lines = (draft: Draft) =>
    said(draft.plan).map((line) =>
      line.dueDays ? `${line.text.trim()} (${by(line.dueDays)})` : line.text.trim(),
    );
  const diagnosis = (draft: Draft) =>
    draft.diagnosis?.display || draft.diagnosis?.code || t("diagnosis.without");
  const callIn = (draft: Draft) => t(draft.callIn ? "callIn.yes" : "callIn.no");
  const plan = diff(before ? lines(before) : lines(answer), lines(answer));
  return (
    <dl className={styles.answer}>
      <dt>{t("diagnosis.label")}</dt>
      <dd>
        <Marked before={before && diagnosis(before)} after={diagnosis(answer)} />
      </dd>
      <dt>{t("findings.label")}</dt>
      <dd className={styles.text}>
        <Marked before={before?.findings.trim()} after={answer.findings.trim()} />
      </dd>
      <dt>{t("plan.label")}</dt>
      <dd>
        {plan.length === 0 ? (
          t("plan.none")
        ) : (
          <ol className={styles.numbered}>
            {plan.map((piece, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces never move
              <li key={at}>
                <OnePiece piece={piece} />
              </li>
            ))}
          </ol>
        )}
      </dd>
      <dt>{t("next.label")}</dt>
      <dd>
        <Marked before={before && by(before.nextPhotoDays)} after={by(answer.nextPhotoDays)} />
      </dd>
      <dt>{t("callIn.label")}</dt>
      <dd className={answer.callIn ? styles.strong : undefined}>
        <Marked before={before && callIn(before)} after={callIn(answer)} />
      </dd>
    </dl>
  );
}
