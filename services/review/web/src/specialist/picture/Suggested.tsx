import { useTranslation } from "react-i18next";
import type { Suggestion } from "../../gen/samspil/wound/v1/suggestion_pb";
import { number } from "../../i18n/format";
import { Button } from "../../ui/Button";
import { AskFirst } from "./AskFirst";
import { Numbers, useMethod } from "./Numbers";
import styles from "./Outlines.module.css";
import type { Decisions } from "./Suggestions";
import { sureness } from "./suggestions";

interface SuggestedProps {
  suggestion: Suggestion;
  place: number | undefined;
  decisions: Decisions | undefined;
  busy: boolean;
  onConfirm: () => void;
  onDiscard: () => void;
}

/** One suggestion: what it would measure, how sure the model is, and what a person makes of it. */
export function Suggested({ suggestion, place, decisions, busy, onConfirm, onDiscard }: SuggestedProps) {
  const { t } = useTranslation("picture");
  const method = useMethod();
  const { name, measures, confidence, modelVersion } = suggestion;
  const label = useSuggestionLabel()(place);
  return (
    <li className={styles.suggested}>
      <p>
        <span className={styles.mark}>{label}</span> {t("suggestion.byModel")} <Numbers measures={measures} />
        , {method(measures)} ·{" "}
        {t("suggestion.confidence", {
          word: t(`suggestion.sureness.${sureness(confidence)}`),
          value: number(confidence, 2),
        })}{" "}
        · <span className={styles.who}>{t("suggestion.model", { version: modelVersion })}</span>
      </p>
      {decisions?.drawing === name && <strong>{t("suggestion.correcting")}</strong>}
      {decisions && !decisions.drawing && !decisions.shown && (
        <Button small onClick={decisions.onShow}>
          {t("suggestion.show")}
        </Button>
      )}
      {decisions && !decisions.drawing && decisions.shown && (
        <span className={styles.ask}>
          <Button small busy={busy} aria-label={`${t("suggestion.confirm")}: ${label}`} onClick={onConfirm}>
            {t("suggestion.confirm")}
          </Button>
          <Button
            small
            aria-label={`${t("suggestion.correct")}: ${label}`}
            onClick={() => decisions.onCorrect(suggestion)}
          >
            {t("suggestion.correct")}
          </Button>
          <AskFirst
            act={t("suggestion.discard")}
            label={`${t("suggestion.discard")}: ${label}`}
            sure={t("suggestion.sure")}
            keep={t("suggestion.keep")}
            busy={busy}
            onAct={onDiscard}
          />
        </span>
      )}
    </li>
  );
}

/** What a suggestion is called, in the list and on the photo. */
export function useSuggestionLabel(): (place: number | undefined) => string {
  const { t } = useTranslation("picture");
  return (place) => (place === undefined ? t("suggestion.one") : t("suggestion.several", { place }));
}
