import { useQuery } from "@tanstack/react-query";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { patientOf } from "../../api/names";
import { queries } from "../../api/queries";
import { AssessmentPriority, AssessmentPrioritySchema } from "../../gen/samspil/wound/v1/assessment_pb";
import { LateralitySchema, WoundTypeSchema } from "../../gen/samspil/wound/v1/wound_pb";
import { age, day, shortTime } from "../../i18n/format";
import { term } from "../../i18n/terms";
import { Badge } from "../../ui/Badge";
import { GridCell, GridRow } from "../../ui/Grid";
import { Organisation } from "../../ui/Organisation";
import { When } from "../../ui/When";
import type { HoldAct } from "../assessment/useHold";
import { casePage } from "./casePage";
import { Due } from "./Due";
import type { Row } from "./ledger";
import styles from "./Queue.module.css";
import { RowHold } from "./RowHold";

interface QueueRowProps {
  row: Row;
  id: string;
  /** From 0. */
  index: number;
  top: number;
  active: boolean;
  pending: HoldAct | undefined;
  onPoint: (name: string) => void;
  onAct: (act: HoldAct, row: Row) => void;
}

/** One question of the queue. */
export const QueueRow = memo(function QueueRow(props: QueueRowProps) {
  const { row, id, index, top, active, pending, onPoint, onAct } = props;
  const { assessment, wound } = row;
  const { t } = useTranslation(["queue"]);
  const urgent = assessment.priority === AssessmentPriority.URGENT;
  const place = [wound?.bodySite?.display, wound && term(LateralitySchema, wound.laterality)];
  return (
    <GridRow
      id={id}
      aria-rowindex={index + 2}
      aria-selected={active}
      className={active ? `${styles.row} ${styles.active}` : styles.row}
      style={{ transform: `translateY(${top}px)` }}
      onPointerDown={() => onPoint(assessment.name)}
    >
      <Cell area="due">
        <Due clock={assessment.clock} />
        <span>
          {urgent && <Badge kind="bad">{term(AssessmentPrioritySchema, assessment.priority)}</Badge>}{" "}
          <small>{shortTime(assessment.clock?.dueTime)}</small>
        </span>
      </Cell>
      <Cell area="citizen">
        <Link className={styles.open} to={casePage(assessment.name)} tabIndex={-1}>
          <CitizenName name={patientOf(assessment.name)} />
        </Link>
        <Born name={patientOf(assessment.name)} />
      </Cell>
      <Cell area="wound">
        <span>{wound ? term(WoundTypeSchema, wound.type) || t("noType") : t("noWound")}</span>
        <small>{place.filter(Boolean).join(", ")}</small>
      </Cell>
      <Cell area="question">
        <span className={styles.words}>
          {assessment.secondOpinionOf && <Badge kind="info">{t("secondOpinion")}</Badge>}{" "}
          {assessment.question}
        </span>
      </Cell>
      <Cell area="from">
        <span>
          <Organisation name={assessment.requestedBy?.organisation ?? ""} />
        </span>
        <small>
          <When time={assessment.createTime} />
        </small>
      </Cell>
      <RowHold row={row} pending={pending} onAct={onAct} />
    </GridRow>
  );
});

function Cell({ area, children }: { area: string; children: ReactNode }) {
  return <GridCell className={`${styles.cell} ${styles[area]}`}>{children}</GridCell>;
}

function CitizenName({ name }: { name: string }) {
  const { t } = useTranslation(["queue", "app"]);
  const { data, isPending } = useQuery(queries.citizen(name));
  if (isPending) return t("app:loading");
  return data ? data.displayName : t("noCitizen");
}

function Born({ name }: { name: string }) {
  const { t } = useTranslation(["queue"]);
  const { data } = useQuery(queries.citizen(name));
  const years = data ? age(data.birthDate) : undefined;
  if (!data || years === undefined) return null;
  return (
    <small>
      {day(new Date(data.birthDate))} · {t("age", { count: years })}
    </small>
  );
}
