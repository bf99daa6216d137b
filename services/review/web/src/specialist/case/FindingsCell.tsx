import type { DescEnum } from "@bufbuild/protobuf";
import { useTranslation } from "react-i18next";
import {
  ExudateAmountSchema,
  ExudateTypeSchema,
  InfectionSignSchema,
  OdourSchema,
  SurroundingSkinSchema,
  TissueTypeSchema,
  WoundEdgeSchema,
} from "../../gen/samspil/wound/v1/visit_pb";
import { number } from "../../i18n/format";
import { term } from "../../i18n/terms";
import styles from "./FindingsTable.module.css";
import type { Change, RowKey, Value } from "./findings";

const schemas: Partial<Record<RowKey, DescEnum>> = {
  infectionSigns: InfectionSignSchema,
  exudateAmount: ExudateAmountSchema,
  exudateType: ExudateTypeSchema,
  odour: OdourSchema,
  edge: WoundEdgeSchema,
  surroundingSkin: SurroundingSkinSchema,
};

function codes(row: RowKey, list: readonly number[]): string {
  const schema = schemas[row];
  return schema ? list.map((code) => term(schema, code)).join(", ") : list.join(", ");
}

/** An area is kept in square millimetres and read in square centimetres. */
function amount(row: RowKey, value: number): string {
  return row === "area" ? number(value / 100, 1) : number(value);
}

/** What a visit says of a thing. */
export function ValueText({ row, value }: { row: RowKey; value: Value | undefined }) {
  const { t } = useTranslation("case");
  switch (value?.kind) {
    case undefined:
      return (
        <span className={styles.missing}>
          <span aria-hidden>–</span>
          <span className="hidden-visually">{t("findings.missing")}</span>
        </span>
      );
    case "amount":
      return <span className={styles.amount}>{amount(row, value.amount)}</span>;
    case "codes":
      return value.codes.length > 0 ? codes(row, value.codes) : t("findings.noneNoted");
    case "shares":
      return value.shares.map((one) => `${term(TissueTypeSchema, one.type)} ${one.percent} %`).join(", ");
    case "text":
      return <span className={styles.text}>{value.text}</span>;
  }
}

/** What changed since the visit before: by how much, and in a word whether that is for the better. */
export function ChangeMark({ row, change }: { row: RowKey; change: Change }) {
  const { t } = useTranslation("case");
  return (
    <span className={[styles.change, styles[change.kind]].join(" ")}>
      {difference(row, change)} {t(`findings.${change.kind}`)}
    </span>
  );
}

/** Rows of which a visit has several values at once: there it matters which came and which went. */
const several: readonly RowKey[] = ["infectionSigns", "surroundingSkin"];

function difference(row: RowKey, { by, added = [], gone = [] }: Change): string {
  if (by) return `${by > 0 ? "▲" : "▼"} ${amount(row, Math.abs(by))}`;
  if (!several.includes(row)) return "≠";
  return [
    ...added.map((one) => `+ ${codes(row, [one])}`),
    ...gone.map((one) => `− ${codes(row, [one])}`),
  ].join(", ");
}
