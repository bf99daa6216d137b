import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isUnreachable, problem } from "../../api/errors";
import { queries } from "../../api/queries";
import { useIntention } from "../../api/useIntention";
import { wounds } from "../../api/wounds";
import type { Suggestion } from "../../gen/samspil/wound/v1/suggestion_pb";
import { Failure } from "../../ui/Notice";
import styles from "./Outlines.module.css";
import { Suggested } from "./Suggested";
import type { Open } from "./suggestions";

/** What a person may do about suggestions. */
export interface Decisions {
  /** The suggestions are drawn on the photo: nobody decides on what is hidden. */
  shown: boolean;
  onShow: () => void;
  /** The one that is being corrected; `true` while another outline is drawn. Nobody begins a second drawing over it. */
  drawing: string | boolean;
  onCorrect: (suggestion: Suggestion) => void;
}

type Decision = { act: "confirm" | "discard"; name: string };

/** What a model suggests for a photo. It counts as nothing until a person has decided. */
export function Suggestions({
  wound,
  open,
  decisions,
}: {
  wound: string;
  open: readonly Open[];
  decisions: Decisions | undefined;
}) {
  const { t } = useTranslation("picture");
  const client = useQueryClient();
  const list = useRef<HTMLUListElement>(null);
  const status = useRef<HTMLParagraphElement>(null);
  const [done, setDone] = useState<Decision["act"]>();
  const readAgain = () => {
    client.invalidateQueries(queries.suggestions(wound));
    client.invalidateQueries(queries.outlines(wound));
  };
  const decide = useIntention(
    ({ act, name }: Decision, requestId): Promise<unknown> =>
      act === "confirm"
        ? wounds.confirmSuggestion({ name, requestId })
        : wounds.discardSuggestion({ name, requestId }),
    (_, { act }) => {
      setDone(act);
      // The button that was pressed goes; who works by keyboard goes on from what is said.
      if (list.current?.contains(document.activeElement)) status.current?.focus();
      readAgain();
    },
  );
  const ask = (decision: Decision) => {
    setDone(undefined);
    // Refused, it is not what it was when it was read.
    decide.mutate(decision, { onError: (error) => problem(error).reason && readAgain() });
  };
  const again = decide.variables;
  return (
    <>
      <ul className={styles.list} ref={list}>
        {open.map(({ suggestion, place }) => (
          <Suggested
            key={suggestion.name}
            {...{ suggestion, place, decisions }}
            busy={decide.isPending}
            onConfirm={() => ask({ act: "confirm", name: suggestion.name })}
            onDiscard={() => ask({ act: "discard", name: suggestion.name })}
          />
        ))}
      </ul>
      {decisions?.drawing && open.some(({ suggestion: { name } }) => name !== decisions.drawing) && (
        <p className={styles.none}>{t("suggestion.drawing")}</p>
      )}
      <p className={styles.said} role="status" tabIndex={-1} ref={status}>
        {done && t(`suggestion.done.${done}`)}
      </p>
      <Failure
        error={decide.error}
        onRetry={again && isUnreachable(decide.error) ? () => ask(again) : undefined}
      />
    </>
  );
}
