import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Laterality, LateralitySchema } from "../../gen/samspil/wound/v1/wound_pb";
import { term } from "../../i18n/terms";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { BodyMap } from "./BodyMap";
import { type BodySite, searchSites, siteOf, sitesIn } from "./bodySites";
import styles from "./NewWound.module.css";
import { type WoundFault, type WoundForm, withSite } from "./woundForm";

interface SiteChoiceProps {
  form: WoundForm;
  onChange: (form: WoundForm) => void;
  siteFault: WoundFault | undefined;
  sideFault: WoundFault | undefined;
}

/** Where the wound is: pressed on the figure or found by its name, and on which side. */
export function SiteChoice({ form, onChange, siteFault, sideFault }: SiteChoiceProps) {
  const { t, i18n } = useTranslation("nurse");
  const chosen = siteOf(form.code);
  const nameOf = (site: BodySite) => (i18n.language === "en" ? site.en : site.da);
  const sites = form.region ? sitesIn(form.region, form.view) : [];
  // What was found by its name may be on the other side of the figure.
  const offered =
    chosen && chosen.region === form.region && !sites.includes(chosen) ? [...sites, chosen] : sites;
  return (
    <>
      <Search nameOf={nameOf} onFound={(code) => onChange(withSite(form, code))} />
      <div className={styles.where}>
        <BodyMap
          view={form.view}
          region={form.region}
          side={form.side}
          onTurn={(view) => onChange({ ...form, view })}
          onPick={(region, side) => {
            const only = sitesIn(region, form.view);
            const code =
              only.length === 1 ? (only[0]?.code ?? "") : chosen?.region === region ? form.code : "";
            onChange({ ...form, region, side, code });
          }}
        />
        <div className={styles.step}>
          {form.region && (
            <fieldset className={styles.choices}>
              <legend className={styles.legend}>
                {t("newWound.exactly", { region: t(`region.${form.region}`) })}
              </legend>
              {offered.map((site) => (
                <label key={site.code} className={styles.choice}>
                  <input
                    type="radio"
                    name="site"
                    checked={form.code === site.code}
                    onChange={() => onChange(withSite(form, site.code))}
                  />
                  {nameOf(site)}
                </label>
              ))}
            </fieldset>
          )}
          {siteFault && <Fault text={t("newWound.fault.site")} />}
          {chosen && chosen.sides !== "none" && (
            <fieldset className={styles.sides}>
              <legend className={styles.legend}>{t("newWound.side")}</legend>
              {sidesOf(chosen).map((side) => (
                <label key={side} className={styles.choice}>
                  <input
                    type="radio"
                    name="side"
                    checked={form.side === side}
                    onChange={() => onChange({ ...form, side })}
                  />
                  {term(LateralitySchema, side) || t("newWound.noSide")}
                </label>
              ))}
            </fieldset>
          )}
          {sideFault && <Fault text={t("newWound.fault.side")} />}
        </div>
      </div>
    </>
  );
}

/** What can be told of a place's side. */
function sidesOf(site: BodySite): Laterality[] {
  const pair = [Laterality.RIGHT, Laterality.LEFT];
  return site.sides === "pair" ? pair : [...pair, Laterality.MIDLINE, Laterality.UNSPECIFIED];
}

function Search({
  nameOf,
  onFound,
}: {
  nameOf: (site: BodySite) => string;
  onFound: (code: string) => void;
}) {
  const { t } = useTranslation("nurse");
  const [words, setWords] = useState("");
  const found = words.trim() ? searchSites(words) : [];
  return (
    <div className={styles.search}>
      <TextField
        label={t("newWound.search")}
        hint={t("newWound.searchHint")}
        type="search"
        autoComplete="off"
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      {words.trim() && (
        <ul className={styles.found} aria-label={t("newWound.found")}>
          {found.map((site) => (
            <li key={site.code}>
              <Button
                onClick={() => {
                  setWords("");
                  onFound(site.code);
                }}
              >
                {nameOf(site)}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {words.trim() && (
        <p role="status" className={styles.quiet}>
          {t("newWound.foundCount", { count: found.length })}
        </p>
      )}
    </div>
  );
}

function Fault({ text }: { text: string }) {
  return (
    <p className={styles.fault} role="alert" tabIndex={-1} data-fault>
      {text}
    </p>
  );
}
