import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { idOf, pages } from "../../api/names";
import { queries } from "../../api/queries";
import { AssessmentState } from "../../gen/samspil/wound/v1/assessment_pb";
import { type Photo, PhotoState } from "../../gen/samspil/wound/v1/photo_pb";
import type { Wound } from "../../gen/samspil/wound/v1/wound_pb";
import { day } from "../../i18n/format";
import { usePerson } from "../../session/session";
import { ButtonLink } from "../../ui/Button";
import { When } from "../../ui/When";
import { eachOnce } from "../outbox/record";
import { AnswerCard } from "./AnswerCard";
import { type Along, markOpened } from "./along";
import { CloseWound } from "./CloseWound";
import { isUnread } from "./caseload";
import { Flags } from "./Flags";
import styles from "./Follow.module.css";
import { MoreCard } from "./MoreCard";
import { NotHere } from "./NotHere";
import { isoDay, woundText } from "./person";
import { Thread } from "./Thread";
import { WaitingCard } from "./WaitingCard";

interface NurseWoundProps {
  wound: Wound;
  along: Along;
  /** The person records visits and asks questions. */
  records: boolean;
}

/** An open wound as those see it who look after it: what has come, what is asked, what is due. */
export function NurseWound({ wound, along, records }: NurseWoundProps) {
  const { t } = useTranslation("nurse");
  const { name } = wound;
  const { caseload } = along;
  const course = caseload.courses.get(name);
  const taken = <T,>(data: T | undefined) =>
    data === undefined ? {} : { initialData: data, initialDataUpdatedAt: caseload.at };
  const visit = useQuery({ ...queries.lastVisit(name), ...taken(course && (course.visit ?? null)) });
  const assessments = useQuery({ ...queries.assessments(name), ...taken(course?.assessments) });
  const questions = (assessments.data ?? []).filter((one) => one.secondOpinionOf === "");
  const own = `organisations/${usePerson().organisation}`;
  const unread = questions.filter(
    (one) =>
      one.requestedBy?.organisation === own && one.answers.length > 0 && isUnread(one, caseload.unopened),
  );
  const more = questions.filter((one) => one.state === AssessmentState.AWAITING_MORE);
  const waiting = questions.filter((one) =>
    [AssessmentState.REQUESTED, AssessmentState.CLAIMED].includes(one.state),
  );
  const read = questions.find((one) => one.answers.length > 0 && !unread.includes(one));
  useOpened(unread.filter((one) => one.state === AssessmentState.ANSWERED).map((one) => one.name));
  return (
    <article id={idOf(name)} tabIndex={-1} className={styles.wound} aria-label={woundText(wound)}>
      <header className={styles.head}>
        <h3 className={styles.title}>{woundText(wound)}</h3>
        {wound.label && <p>{wound.label}</p>}
        <p className={styles.quiet}>
          {visit.data?.visitTime ? (
            <>
              {t("wound.lastVisit")} <When time={visit.data.visitTime} />
            </>
          ) : (
            visit.data === null && t("wound.noVisit")
          )}
          {wound.onsetDate && ` · ${t("wound.since", { date: isoDay(wound.onsetDate) })}`}
        </p>
        {wound.nextPhotoDueTime && <p>{t("wound.nextPhoto", { date: day(wound.nextPhotoDueTime) })}</p>}
        {records && <NextTime photos={visit.data?.photos ?? []} />}
      </header>
      {unread.map((one) => (
        <AnswerCard key={one.name} assessment={one} records={records} unread />
      ))}
      {more.map((one) => (
        <MoreCard key={one.name} assessment={one} records={records} />
      ))}
      <Flags wound={name} caseload={caseload} />
      {waiting.map((one) => (
        <WaitingCard key={one.name} assessment={one} records={records} />
      ))}
      {!assessments.data && <NotHere error={assessments.error} onRetry={assessments.refetch} />}
      <div className={styles.actions}>
        {records && (
          <ButtonLink kind={unread.length + more.length > 0 ? "plain" : "primary"} to={pages.visit(name)}>
            {t("wound.newVisit")}
          </ButtonLink>
        )}
        <ButtonLink to={pages.wound(name)}>{t("wound.case")}</ButtonLink>
      </div>
      {read && (
        <details className={styles.fold}>
          <summary>{t("answer.last", { date: day(read.answers.at(-1)?.signTime) })}</summary>
          <AnswerCard assessment={read} records={records} unread={false} />
        </details>
      )}
      <Thread wound={name} />
      {records && <CloseWound wound={wound} />}
      <p className={styles.quiet}>
        <Link to={pages.story(name)}>{t("wound.story")}</Link>
      </p>
    </article>
  );
}

/** What the last photos lacked, for those who take the next ones. */
function NextTime({ photos }: { photos: readonly Photo[] }) {
  const { t, i18n } = useTranslation("nurse");
  const stored = photos.filter(({ state }) => state === PhotoState.STORED);
  const warnings = eachOnce(stored.flatMap(({ quality }) => quality?.warnings ?? []));
  if (warnings.length === 0) return null;
  return (
    <>
      <p>{t("wound.nextTime")}</p>
      <ul className={styles.nextTime}>
        {warnings.map(({ code, adviceDa, adviceEn }) => (
          <li key={code}>{i18n.language === "en" ? adviceEn : adviceDa}</li>
        ))}
      </ul>
    </>
  );
}

/** What is shown here has been opened. An amended answer that was read before stays until somebody says so. */
function useOpened(names: string[]): void {
  const all = names.join("\n");
  useEffect(() => {
    for (const name of all.split("\n").filter(Boolean)) markOpened(name);
  }, [all]);
}
