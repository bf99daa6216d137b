import { useTranslation } from "react-i18next";
import type { Outline } from "../../gen/samspil/wound/v1/outline_pb";
import type { Suggestion } from "../../gen/samspil/wound/v1/suggestion_pb";
import { day } from "../../i18n/format";
import type { Shot } from "./choice";
import { Measured } from "./Measured";
import { outlinesOf } from "./measures";
import { isUnsure } from "./Numbers";
import styles from "./Outlines.module.css";
import { type Decisions, Suggestions } from "./Suggestions";
import { openOn } from "./suggestions";
import { size } from "./told";

interface OutlinesProps {
  wound: string;
  shot: Shot;
  /** Which of two photos it is. */
  side: "a" | "b" | undefined;
  outlines: readonly Outline[];
  suggestions: readonly Suggestion[];
  /** What may be done about the suggestions. None for those who may not draw. */
  decisions: Decisions | undefined;
}

/** What was measured on a photo, beside what the nurse measured at the visit, and what a model suggests. */
export function Outlines({ wound, shot, side, outlines, suggestions, decisions }: OutlinesProps) {
  const { t } = useTranslation("picture");
  const { findings } = shot.visit;
  const here = outlinesOf(shot.photo.name, outlines);
  const open = openOn(shot.photo, suggestions);
  const measured = [...here, ...open.map(({ suggestion }) => suggestion)];
  return (
    <section className={styles.outlines} aria-label={t("measures.label")}>
      {side && (
        <strong>
          {t(`side.${side}`)} {day(shot.visit.visitTime)}
        </strong>
      )}
      <dl className={styles.nurse}>
        <dt>{t("measures.nurse")}</dt>
        <dd>
          {size(findings?.lengthMm, findings?.widthMm) || t("measures.notMeasured")}
          {findings?.depthMm !== undefined && `, ${t("measures.depth", { depth: findings.depthMm })}`}
        </dd>
      </dl>
      {here.length === 0 && <p className={styles.none}>{t("measures.none")}</p>}
      <ul className={styles.list}>
        {here.map((outline, index) => (
          <Measured
            key={outline.name}
            {...{ wound, outline, shot, mayWithdraw: decisions !== undefined }}
            suggestion={suggestions.find(({ name }) => name === outline.suggestion)}
            place={here.length > 1 ? index + 1 : undefined}
          />
        ))}
      </ul>
      <Suggestions wound={wound} open={open} decisions={decisions} />
      <p className={styles.legend}>
        {open.length > 0 && `${t("suggestion.about")} `}
        {measured.some(({ measures }) => measures && isUnsure(measures)) && t("measures.plusMinus")}
      </p>
    </section>
  );
}
