import { useQuery } from "@tanstack/react-query";
import { type Ref, useImperativeHandle, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "../../api/queries";
import { ClockStage } from "../../gen/samspil/common/v1/clock_pb";
import {
  AssessmentPriority,
  AssessmentPrioritySchema,
  AssessmentState,
  AssessmentStateSchema,
} from "../../gen/samspil/wound/v1/assessment_pb";
import { WoundType, WoundTypeSchema } from "../../gen/samspil/wound/v1/wound_pb";
import { choices } from "../../i18n/terms";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Field";
import styles from "./Filters.module.css";
import { everything, filterCount, type QueueFilter } from "./filter";

export interface FiltersHandle {
  /** Opens the filters and puts the focus on the first. */
  focus: () => void;
}

interface FiltersProps {
  filter: QueueFilter;
  onChange: (filter: QueueFilter) => void;
  /** Back to the rows. */
  onLeave: () => void;
  ref: Ref<FiltersHandle>;
}

/** What part of the queue to look at. On a narrow screen behind a button. */
export function Filters({ filter, onChange, onLeave, ref }: FiltersProps) {
  const { t } = useTranslation(["queue"]);
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLFieldSetElement>(null);
  useImperativeHandle(ref, () => ({
    focus: () => {
      setOpen(true);
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>("select, input")?.focus());
    },
  }));
  const { data: organisations = [] } = useQuery(queries.organisations());
  const count = filterCount(filter);
  const set = (change: Partial<QueueFilter>) => onChange({ ...filter, ...change });
  return (
    <div className={styles.filters}>
      <div className={styles.toggle}>
        <Button small aria-expanded={open} aria-controls="queue-filters" onClick={() => setOpen(!open)}>
          {count > 0 ? t("filter.some", { count }) : t("filter.title")}
        </Button>
      </div>
      <fieldset
        id="queue-filters"
        ref={box}
        className={open ? `${styles.fields} ${styles.open}` : styles.fields}
        onKeyDown={(event) => event.key === "Escape" && onLeave()}
      >
        <legend className="hidden-visually">{t("filter.title")}</legend>
        <Choice
          label={t("filter.state")}
          empty={t("filter.open")}
          value={filter.state || undefined}
          options={choices<AssessmentState>(AssessmentStateSchema)}
          onChange={(state = AssessmentState.UNSPECIFIED) => set({ state })}
        />
        <Choice
          label={t("filter.stage")}
          empty={t("filter.any")}
          value={filter.stage || undefined}
          options={[
            { value: ClockStage.SOON as ClockStage, label: t("filter.soon") },
            { value: ClockStage.DUE, label: t("filter.due") },
            { value: ClockStage.OVERDUE, label: t("filter.overdue") },
          ]}
          onChange={(stage = ClockStage.UNSPECIFIED) => set({ stage })}
        />
        <Choice
          label={t("filter.priority")}
          empty={t("filter.any")}
          value={filter.priority || undefined}
          options={choices<AssessmentPriority>(AssessmentPrioritySchema)}
          onChange={(priority = AssessmentPriority.UNSPECIFIED) => set({ priority })}
        />
        <Choice
          label={t("filter.type")}
          empty={t("filter.any")}
          value={filter.woundType || undefined}
          options={choices<WoundType>(WoundTypeSchema)}
          onChange={(woundType = WoundType.UNSPECIFIED) => set({ woundType })}
        />
        <Choice
          label={t("filter.from")}
          empty={t("filter.any")}
          value={filter.requester || undefined}
          options={organisations.map((one) => ({ value: one.name, label: one.displayName }))}
          onChange={(requester = "") => set({ requester })}
        />
        <label className={styles.mine}>
          <input
            type="checkbox"
            checked={filter.mine}
            onChange={(event) => set({ mine: event.target.checked })}
          />
          {t("filter.mine")}
        </label>
        {count > 0 && (
          <Button small kind="quiet" onClick={() => onChange(everything)}>
            {t("filter.clear")}
          </Button>
        )}
      </fieldset>
    </div>
  );
}
