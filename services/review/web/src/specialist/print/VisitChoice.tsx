import { useTranslation } from "react-i18next";
import type { Visit } from "../../gen/samspil/wound/v1/visit_pb";
import { day } from "../../i18n/format";
import { Button } from "../../ui/Button";
import { NEWEST, type Pictures } from "./choice";
import styles from "./PrintPage.module.css";

const choices: readonly Pictures[] = ["one", "all", "none"];

/** Which visits go on paper, and how many of their pictures. */
export function VisitChoice({
  visits,
  chosen,
  onChoose,
  pictures,
  onPictures,
}: {
  visits: readonly Visit[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
  pictures: Pictures;
  onPictures: (pictures: Pictures) => void;
}) {
  const { t } = useTranslation("print");
  const choose = (some: readonly Visit[]) => onChoose(new Set(some.map((visit) => visit.name)));
  const flip = (name: string) => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    onChoose(next);
  };
  return (
    <>
      <fieldset className={styles.choice}>
        <legend>
          {t("visits")} · {t("chosen", { count: chosen.size })}
        </legend>
        <div className={styles.row}>
          <Button small onClick={() => choose(visits.slice(0, NEWEST))}>
            {t("newest", { count: Math.min(NEWEST, visits.length) })}
          </Button>
          <Button small onClick={() => choose(visits)}>
            {t("all", { count: visits.length })}
          </Button>
          <Button small onClick={() => choose([])}>
            {t("none")}
          </Button>
        </div>
        <details>
          <summary>{t("choose")}</summary>
          <div className={styles.visits}>
            {visits.map((visit) => (
              <label key={visit.name}>
                <input type="checkbox" checked={chosen.has(visit.name)} onChange={() => flip(visit.name)} />
                {day(visit.visitTime)}
              </label>
            ))}
          </div>
        </details>
      </fieldset>
      <fieldset className={styles.choice}>
        <legend>{t("pictures")}</legend>
        <div className={styles.row}>
          {choices.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="pictures"
                checked={pictures === one}
                onChange={() => onPictures(one)}
              />
              {t(`pictureChoice.${one}`)}
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}
