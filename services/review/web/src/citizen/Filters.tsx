import { useTranslation } from "react-i18next";
import { Choice } from "../ui/Field";
import { type Filter, kinds } from "./looks";
import styles from "./Record.module.css";

interface FiltersProps {
  filter: Filter;
  people: readonly { value: string; label: string }[];
  onChange: (filter: Filter) => void;
}

/** What of the list is shown. Never in the address: it may be a name. */
export function Filters({ filter, people, onChange }: FiltersProps) {
  const { t } = useTranslation("citizen");
  return (
    <fieldset className={styles.filters} aria-label={t("filter.label")}>
      <Choice
        label={t("filter.kind")}
        value={filter.kind}
        options={kinds.map((kind) => ({ value: kind, label: t(`filter.${kind}`) }))}
        onChange={(kind = "all") => onChange({ kind, who: kind === "mine" ? "" : filter.who })}
      />
      {filter.kind !== "mine" && (
        <Choice
          label={t("filter.who")}
          value={filter.who}
          empty={t("filter.everybody")}
          options={people}
          onChange={(who = "") => onChange({ ...filter, who })}
        />
      )}
    </fieldset>
  );
}
