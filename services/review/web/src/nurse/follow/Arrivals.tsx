import { useTranslation } from "react-i18next";
import { idOf, pages, patientOf, woundOf } from "../../api/names";
import { ButtonLink } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import type { Caseload } from "./caseload";
import { woundText } from "./person";

/** Answers that came while somebody was working here. Each stays until it has been opened. */
export function Arrivals({ caseload }: { caseload: Caseload }) {
  const { t } = useTranslation("nurse");
  return [...caseload.unopened].map((assessment) => {
    const wound = caseload.wounds.get(woundOf(assessment));
    if (!wound) return null;
    const name = caseload.citizens.get(patientOf(assessment))?.displayName ?? t("unknownCitizen");
    return (
      <Notice
        key={assessment}
        kind="info"
        action={
          <ButtonLink kind="primary" to={`${pages.patient(assessment)}#${idOf(woundOf(assessment))}`}>
            {t("arrival.open")}
          </ButtonLink>
        }
      >
        <strong>{t("arrival.title", { name })}</strong>
        <br />
        {woundText(wound)}
      </Notice>
    );
  });
}
