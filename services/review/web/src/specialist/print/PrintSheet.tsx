import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import type { Visit } from "../../gen/samspil/wound/v1/visit_pb";
import { day, dayAndTime } from "../../i18n/format";
import { usePerson } from "../../session/session";
import { useOrganisation } from "../../ui/Organisation";
import { AnswerView } from "../case/AnswerView";
import { dateOnly } from "../case/age";
import { WoundLine } from "../case/CaseHeader";
import { FindingsRows } from "../case/FindingsTable";
import { rows } from "../case/findings";
import { areas, scoreLines } from "../case/healing";
import { useInstrumentName } from "../case/instruments";
import { PlanBody } from "../case/PlanGlance";
import type { CaseData } from "../case/useCase";
import { pieces, SIDE_BY_SIDE } from "./choice";
import { HealingSvg } from "./HealingSvg";
import { type PaperPicture, Picture } from "./Picture";
import styles from "./PrintSheet.module.css";

/** What comes on paper. The head of the table stands on every sheet: browsers repeat it. */
export function PrintSheet({
  data,
  shown,
  all,
  pictures,
  now,
  onDrawn,
}: {
  data: CaseData;
  shown: readonly Visit[];
  all: readonly Visit[];
  pictures: readonly PaperPicture[];
  now: Date;
  onDrawn: (photo: string) => void;
}) {
  const { t } = useTranslation("print");
  const { t: tCase } = useTranslation("case");
  const citizen = data.citizen.data;
  const wound = data.wound.data;
  return (
    <section className={styles.sheet} aria-label={t("sheet")}>
      <table className={styles.frame} role="presentation">
        <thead>
          <tr>
            <td>
              <div className={styles.head}>
                <p>
                  <strong>{citizen?.displayName ?? tCase("header.unknown")}</strong>
                  {citizen?.birthDate &&
                    `, ${tCase("header.born", { date: day(dateOnly(citizen.birthDate)) })}`}
                </p>
                {wound && <WoundLine wound={wound} />}
              </div>
            </td>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td className={styles.body}>
              <Findings data={data} shown={shown} />
              <Course data={data} all={all} />
              {pictures.length > 0 && (
                <Part title={t("pictures")}>
                  <div className={styles.pictures}>
                    {pictures.map((one) => (
                      <Picture key={one.photo.name} picture={one} onDrawn={onDrawn} />
                    ))}
                  </div>
                </Part>
              )}
              {(data.assessments.data ?? []).length > 0 && (
                <Part title={t("questions")}>
                  {data.assessments.data?.map((one) => (
                    <Question key={one.name} assessment={one} />
                  ))}
                </Part>
              )}
              {data.plan.data && (
                <Part title={t("plan")}>
                  <PlanBody plan={data.plan.data} />
                </Part>
              )}
              <Printed now={now} shown={shown.length} all={all.length} />
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** As many visits side by side as a sheet is wide. What changed is told against the visit before, printed or not. */
function Findings({ data, shown }: { data: CaseData; shown: readonly Visit[] }) {
  const { t } = useTranslation("print");
  const told = useMemo(() => {
    const visits = data.visits.data ?? [];
    // Notes are too long for a column of paper: they follow the tables.
    const every = rows(visits, data.scores.data ?? []).filter((row) => row.key !== "note");
    const places = shown.map((visit) => visits.indexOf(visit));
    const kept = every.map((row) => ({ ...row, cells: places.flatMap((place) => row.cells[place] ?? []) }));
    return pieces(
      shown.map((visit, i) => ({ visit, i })),
      SIDE_BY_SIDE,
    ).map((piece) => ({
      visits: piece.map(({ visit }) => visit),
      rows: kept
        .map((row) => ({ ...row, cells: piece.flatMap(({ i }) => row.cells[i] ?? []) }))
        .filter((row) => row.cells.some((cell) => cell.value)),
    }));
  }, [data.visits.data, data.scores.data, shown]);
  if (told.length === 0) return null;
  return (
    <Part title={t("findings")}>
      {told.map((piece) => (
        <div key={piece.visits[0]?.name} className={styles.findings}>
          <FindingsRows visits={piece.visits} rows={piece.rows} />
        </div>
      ))}
      {shown
        .filter((visit) => visit.findings?.note)
        .map((visit) => (
          <p key={visit.name} className={styles.words}>
            <strong>{t("note", { date: day(visit.visitTime) })}</strong> {visit.findings?.note}
          </p>
        ))}
    </Part>
  );
}

function Course({ data, all }: { data: CaseData; all: readonly Visit[] }) {
  const { t } = useTranslation("print");
  const instrument = useInstrumentName();
  const area = useMemo(
    () => areas(data.healing.data, data.outlines.data ?? [], all),
    [data.healing.data, data.outlines.data, all],
  );
  const lines = useMemo(() => scoreLines(data.scores.data ?? []), [data.scores.data]);
  const drawn = area.byMarker.length + area.byTwoPoints.length;
  if (area.measured.length + drawn + lines.length === 0) return null;
  return (
    <Part title={t("course")}>
      <HealingSvg area={area} />
      {lines.length > 0 && (
        <>
          <h3>{t("scores")}</h3>
          <ul>
            {lines.map((line) => {
              const last = line.points.at(-1);
              return (
                <li key={line.instrument}>
                  {instrument(line.instrument)}: {last?.value} {last?.band} ({line.minimum}–{line.maximum}),{" "}
                  {last && day(new Date(last.at))}
                </li>
              );
            })}
          </ul>
        </>
      )}
    </Part>
  );
}

function Question({ assessment }: { assessment: Assessment }) {
  const { t } = useTranslation("print");
  const { requestedBy } = assessment;
  const organisation = useOrganisation(requestedBy?.organisation ?? "");
  return (
    <article className={styles.question}>
      <p className={styles.quiet}>
        {t("asked", {
          name: requestedBy?.displayName,
          organisation,
          time: dayAndTime(assessment.createTime),
        })}
      </p>
      <p className={styles.words}>{assessment.question}</p>
      {assessment.moreRequests.map((more) => (
        <div key={`${more.question} ${more.askTime?.seconds}`}>
          <p className={styles.words}>{t("more", { question: more.question })}</p>
          {more.supplyTime && <p className={styles.words}>{t("reply", { reply: more.reply })}</p>}
        </div>
      ))}
      <AnswerView assessment={assessment} open />
    </article>
  );
}

function Printed({ now, shown, all }: { now: Date; shown: number; all: number }) {
  const { t } = useTranslation("print");
  const person = usePerson();
  const organisation = useOrganisation(person.organisation && `organisations/${person.organisation}`);
  return (
    <p className={styles.quiet}>
      {t("printed", { name: person.name, organisation, time: dayAndTime(now), visits: shown, all })}
    </p>
  );
}
