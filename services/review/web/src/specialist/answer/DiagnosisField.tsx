import { Combobox } from "@base-ui/react/combobox";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../ui/Field";
import { diagnoses, findDiagnoses, type KnownDiagnosis, toDiagnosis } from "./diagnoses";
import type { Diagnosis } from "./draft";
import styles from "./Picker.module.css";

interface DiagnosisFieldProps {
  value: Diagnosis | null;
  error: string | undefined;
  onChange: (value: Diagnosis | null) => void;
}

/** The diagnosis, found by any of its words, in Danish or English, or by its code. */
export function DiagnosisField({ value, error, onChange }: DiagnosisFieldProps) {
  const { t, i18n } = useTranslation(["answer"]);
  const named = (one: KnownDiagnosis) => (i18n.language === "en" ? one.en : one.da);
  const [query, setQuery] = useState("");
  // A code that was signed before and is not in the list stays choosable.
  const own: KnownDiagnosis | null = value && {
    ...{ code: value.code, da: value.display, en: value.display, also: [] },
    ...diagnoses.find((one) => one.code === value.code),
  };
  const shown = own && query === named(own) ? diagnoses : findDiagnoses(query);
  return (
    <Field label={t("diagnosis.label")} error={error}>
      {(wiring) => (
        <Combobox.Root<KnownDiagnosis>
          items={shown}
          filter={null}
          autoHighlight
          value={own}
          isItemEqualToValue={(item, chosen) => item.code === chosen.code}
          itemToStringLabel={named}
          onInputValueChange={setQuery}
          onValueChange={(chosen) => onChange(chosen && toDiagnosis(chosen))}
        >
          <div className={styles.box}>
            <Combobox.Input {...wiring} placeholder={t("diagnosis.placeholder")} />
            <Combobox.Clear className={styles.clear} aria-label={t("diagnosis.clear")}>
              ×
            </Combobox.Clear>
          </div>
          <Combobox.Portal>
            <Combobox.Positioner className={styles.positioner} sideOffset={4}>
              <Combobox.Popup className={styles.popup}>
                <Combobox.Empty className={styles.empty}>{t("diagnosis.none")}</Combobox.Empty>
                <Combobox.List className={styles.list}>
                  {(one: KnownDiagnosis) => (
                    <Combobox.Item key={one.code} value={one} className={styles.item}>
                      <span>{named(one)}</span>
                      <small>{one.code}</small>
                    </Combobox.Item>
                  )}
                </Combobox.List>
              </Combobox.Popup>
            </Combobox.Positioner>
          </Combobox.Portal>
        </Combobox.Root>
      )}
    </Field>
  );
}
