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
import { choices, term } from "../../i18n/terms";
import { TextArea } from "../../ui/Field";
import type { Findings } from "../outbox/findings";
import { AnyOf, OneOf } from "./Chips";
import styles from "./fields.module.css";
import { type FormRecord, MOST, type NumberField as NumberName } from "./form";
import { Last } from "./Last";
import type { LastVisit } from "./last";
import { NumberField } from "./NumberField";
import { Section } from "./Section";
import { Tissue } from "./Tissue";
import { Undermining } from "./Undermining";

type OneCode = "exudateAmount" | "exudateType" | "edge" | "odour";
type AnyCode = "surroundingSkin" | "infectionSigns";

const sizes = ["lengthMm", "widthMm", "depthMm"] as const;
const pains = Array.from({ length: 11 }, (_, value) => ({ value, label: String(value) }));
const codes: Record<OneCode | AnyCode, DescEnum> = {
  exudateAmount: ExudateAmountSchema,
  exudateType: ExudateTypeSchema,
  edge: WoundEdgeSchema,
  odour: OdourSchema,
  surroundingSkin: SurroundingSkinSchema,
  infectionSigns: InfectionSignSchema,
};

/** What the nurse sees, step by step, each beside what was seen the last time. */
export function FindingsForm({
  form,
  last,
  onChange,
}: {
  form: FormRecord;
  last: LastVisit | undefined;
  onChange: (change: Partial<FormRecord>) => void;
}) {
  const { t } = useTranslation("visit");
  const { findings } = form;
  const before = last?.findings;
  const set = (change: Partial<Findings>) => onChange({ findings: { ...findings, ...change } });
  const put = <K extends OneCode | NumberName | "pain">(field: K, value: Findings[K]) => {
    const { [field]: _, ...rest } = findings;
    return (value === undefined ? rest : { ...rest, [field]: value }) as Findings;
  };
  const size = (field: NumberName, read: { value?: number; typed?: string }) => {
    const { [field]: _, ...typed } = form.typed;
    onChange({
      findings: put(field, read.value),
      typed: read.typed === undefined ? typed : { ...typed, [field]: read.typed },
    });
  };

  const one = (field: OneCode) => (
    <OneOf
      label={t(`field.${field}`)}
      options={choices<number>(codes[field])}
      value={findings[field]}
      onChange={(value) => onChange({ findings: put(field, value as never) })}
    >
      <Last
        value={term(codes[field], before?.[field] ?? 0)}
        onAgain={() => onChange({ findings: put(field, before?.[field] as never) })}
      />
    </OneOf>
  );
  const any = (field: AnyCode) => (
    <AnyOf
      label={t(`field.${field}`)}
      options={choices<number>(codes[field])}
      values={findings[field]}
      onChange={(values) => set({ [field]: values })}
    >
      <Last
        value={before?.[field].map((value) => term(codes[field], value)).join(", ")}
        onAgain={() => set({ [field]: before?.[field] ?? [] })}
      />
    </AnyOf>
  );
  const words = (field: "dressing" | "note", most: number) => (
    <>
      <TextArea
        label={t(`field.${field}`)}
        maxLength={most}
        value={findings[field]}
        onChange={(event) => set({ [field]: event.target.value })}
      />
      <Last value={before?.[field]} onAgain={() => set({ [field]: before?.[field] ?? "" })} />
    </>
  );

  const { lengthMm, widthMm } = findings;
  return (
    <>
      <Section id="size" title={t("section.size")}>
        <div className={styles.sizes}>
          {sizes.map((field) => (
            <NumberField
              key={field}
              label={t(`field.${field}`)}
              unit="mm"
              value={findings[field]}
              typed={form.typed[field]}
              most={MOST[field]}
              onChange={(read) => size(field, read)}
            >
              <Last
                value={before?.[field] === undefined ? undefined : `${before[field]} mm`}
                onAgain={() => size(field, { value: before?.[field] ?? 0 })}
              />
            </NumberField>
          ))}
        </div>
        {lengthMm !== undefined && widthMm !== undefined && (
          <p>{t("area", { area: number((lengthMm * widthMm) / 100, 1) })}</p>
        )}
      </Section>
      <Section id="tissue" title={t("section.tissue")}>
        <Last value={tissueText(before)} onAgain={() => set({ tissue: before?.tissue ?? [] })} />
        <Tissue shares={findings.tissue} onChange={(tissue) => set({ tissue })} />
      </Section>
      <Section id="exudate" title={t("section.exudate")}>
        {one("exudateAmount")}
        {one("exudateType")}
        {one("odour")}
      </Section>
      <Section id="around" title={t("section.around")}>
        {one("edge")}
        {any("surroundingSkin")}
      </Section>
      <Section id="infection" title={t("section.infection")}>
        {any("infectionSigns")}
        <OneOf
          label={t("field.pain")}
          options={pains}
          value={findings.pain}
          onChange={(pain) => onChange({ findings: put("pain", pain) })}
        >
          <Last
            value={before?.pain === undefined ? undefined : String(before.pain)}
            onAgain={() => set({ pain: before?.pain ?? 0 })}
          />
        </OneOf>
      </Section>
      <Section id="undermining" title={t("section.undermining")}>
        <Last value={tunnelText(before)} onAgain={() => set({ undermining: before?.undermining ?? [] })} />
        <Undermining value={findings.undermining} onChange={(undermining) => set({ undermining })} />
      </Section>
      <Section id="care" title={t("section.care")}>
        {words("dressing", 2_000)}
        {words("note", 10_000)}
      </Section>
    </>
  );
}

function tissueText(before: Findings | undefined): string | undefined {
  return before?.tissue.map((one) => `${term(TissueTypeSchema, one.type)} ${one.percent} %`).join(", ");
}

function tunnelText(before: Findings | undefined): string | undefined {
  return before?.undermining.map((one) => `${one.fromClock}–${one.toClock}: ${one.lengthMm} mm`).join(", ");
}
