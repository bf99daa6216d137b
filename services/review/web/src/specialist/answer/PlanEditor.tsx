import { type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { TextBlockPlace } from "../../gen/samspil/review/v1/review_service_pb";
import { Button } from "../../ui/Button";
import styles from "./Answer.module.css";
import { changeLine, insertLine, type Line, MOST_LINES, moveLine, newLine, removeLine } from "./draft";
import { TextBlocks } from "./TextBlocks";

interface PlanEditorProps {
  plan: readonly Line[];
  /** What is wrong with a line, by its place. */
  errors: Record<number, string>;
  onChange: (plan: Line[]) => void;
}

/** The lines of the plan. Enter adds one, Alt with the arrows moves one, Backspace in an empty one takes it away. */
export function PlanEditor({ plan, errors, onChange }: PlanEditorProps) {
  const { t } = useTranslation(["answer"]);
  const list = useRef<HTMLOListElement>(null);
  const focusNext = useRef<string>(undefined);
  useEffect(() => {
    if (focusNext.current === undefined) return;
    list.current?.querySelector<HTMLElement>(`[data-line="${focusNext.current}"]`)?.focus();
    focusNext.current = undefined;
  });
  const add = (at: number) => {
    if (plan.length >= MOST_LINES) return;
    const line = newLine();
    focusNext.current = line.id;
    onChange(plan.toSpliced(at, 0, line));
  };
  const remove = (at: number) => {
    const line = plan[at];
    if (!line) return;
    focusNext.current = (plan[at - 1] ?? plan[at + 1])?.id;
    onChange(removeLine(plan, line.id));
  };
  const move = (line: Line, by: -1 | 1) => {
    focusNext.current = line.id;
    onChange(moveLine(plan, line.id, by));
  };
  const onKeyDown = (event: KeyboardEvent, line: Line, at: number) => {
    if (event.altKey && event.key === "ArrowUp") move(line, -1);
    else if (event.altKey && event.key === "ArrowDown") move(line, 1);
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) add(at + 1);
    else if (event.key === "Backspace" && line.text === "") remove(at);
    else return;
    event.preventDefault();
  };
  return (
    <fieldset className={styles.plan}>
      <div className={styles.labelled}>
        <legend>{t("plan.label")}</legend>
        <TextBlocks
          place={TextBlockPlace.PLAN}
          text={plan.at(-1)?.text ?? ""}
          onInsert={(block) => onChange(insertLine(plan, block.text, block.dueDays))}
        />
      </div>
      <ol ref={list} className={styles.lines}>
        {plan.map((line, at) => (
          <li key={line.id}>
            <input
              type="text"
              data-line={line.id}
              value={line.text}
              maxLength={4000}
              aria-label={t("plan.line", { number: at + 1 })}
              aria-describedby="plan-keys"
              aria-invalid={errors[at] ? true : undefined}
              onChange={(event) => onChange(changeLine(plan, line.id, { text: event.target.value }))}
              onKeyDown={(event) => onKeyDown(event, line, at)}
            />
            <label className={styles.days}>
              <input
                type="number"
                min={0}
                max={365}
                value={line.dueDays || ""}
                placeholder="–"
                aria-label={t("plan.due", { number: at + 1 })}
                onChange={(event) =>
                  onChange(changeLine(plan, line.id, { dueDays: days(event.target.value) }))
                }
              />
              {t("plan.days")}
            </label>
            <Button
              small
              kind="quiet"
              aria-label={t("plan.remove", { number: at + 1 })}
              onClick={() => remove(at)}
            >
              ×
            </Button>
            {errors[at] && (
              <span role="alert" className={styles.error}>
                {errors[at]}
              </span>
            )}
          </li>
        ))}
      </ol>
      <p id="plan-keys" className="hidden-visually">
        {t("plan.keys")}
      </p>
      {plan.length < MOST_LINES ? (
        <Button small onClick={() => add(plan.length)}>
          {t("plan.add")}
        </Button>
      ) : (
        <p role="status">{t("plan.full", { count: MOST_LINES })}</p>
      )}
    </fieldset>
  );
}

/** Days as somebody types them: within what the contract takes. */
function days(text: string): number {
  return Math.max(0, Math.min(365, Math.trunc(Number(text)) || 0));
}
