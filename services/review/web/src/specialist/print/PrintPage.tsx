import { useQueries } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { pages } from "../../api/names";
import { queries } from "../../api/queries";
import { useTitle } from "../../app/Page";
import { Rendition } from "../../gen/samspil/wound/v1/photo_pb";
import type { Visit } from "../../gen/samspil/wound/v1/visit_pb";
import { Button, ButtonLink } from "../../ui/Button";
import { Failure, Notice } from "../../ui/Notice";
import { Waiting } from "../../ui/Waiting";
import { type CaseData, isDenied, useCase } from "../case/useCase";
import { NEWEST, type Pictures, photos } from "./choice";
import styles from "./PrintPage.module.css";
import { PrintSheet } from "./PrintSheet";
import { VisitChoice } from "./VisitChoice";

/** A case on paper, for the patient's folder. */
export function Component() {
  const { patient, wound } = useParams();
  const name = `patients/${patient}/wounds/${wound}`;
  const data = useCase(name, true);
  const parts = [data.wound, data.visits, data.assessments, data.healing, data.scores, data.plan];
  const failed = parts.find((part) => part.error)?.error;
  // Half a case must not pass for a whole one in a folder.
  if (failed || isDenied(data))
    return <Failure error={failed} onRetry={() => parts.forEach((part) => void part.refetch())} />;
  if (parts.some((part) => part.isPending) || data.citizen.isPending || data.outlines.isPending)
    return <Waiting />;
  return <Print name={name} data={data} visits={data.visits.data ?? []} />;
}

function Print({ name, data, visits }: { name: string; data: CaseData; visits: Visit[] }) {
  const { t } = useTranslation("print");
  useTitle(t("title"));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () => new Set(visits.slice(0, NEWEST).map((visit) => visit.name)),
  );
  const [pictures, setPictures] = useState<Pictures>("one");
  const shown = useMemo(() => visits.filter((visit) => chosen.has(visit.name)), [visits, chosen]);
  const wanted = useMemo(() => photos(shown, pictures), [shown, pictures]);
  const loaded = useQueries({
    queries: wanted.map(({ photo }) => queries.picture(photo.name, Rendition.DISPLAY)),
  });
  const [drawn, setDrawn] = useState<ReadonlySet<string>>(new Set());
  const missing = loaded.filter((one) => one.isError).length;
  const done = wanted.filter(({ photo }, i) => loaded[i]?.isError || drawn.has(photo.name)).length;
  const ready = done === wanted.length;
  const now = usePrintTime();
  return (
    <div className={styles.page}>
      <div className={styles.controls}>
        <h1>{t("title")}</h1>
        <div className={styles.row}>
          <ButtonLink to={pages.wound(name)}>← {t("back")}</ButtonLink>
          <Button kind="primary" busy={!ready} onClick={() => window.print()}>
            {t("print")}
          </Button>
          <span role="status">{!ready && t("loading", { done, all: wanted.length })}</span>
        </div>
        {missing > 0 && <Notice kind="warn">{t("notLoaded", { count: missing })}</Notice>}
        <VisitChoice
          visits={visits}
          chosen={chosen}
          onChoose={setChosen}
          pictures={pictures}
          onPictures={setPictures}
        />
      </div>
      <PrintSheet
        data={data}
        shown={shown}
        all={visits}
        pictures={wanted.map((one, i) => ({
          ...one,
          blob: loaded[i]?.data,
          failed: loaded[i]?.isError ?? false,
        }))}
        now={now}
        onDrawn={(photo) => setDrawn((before) => new Set(before).add(photo))}
      />
    </div>
  );
}

/** When it is printed: now, and anew as soon as somebody prints. */
function usePrintTime(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const stamp = () => setNow(new Date());
    window.addEventListener("beforeprint", stamp);
    return () => window.removeEventListener("beforeprint", stamp);
  }, []);
  return now;
}
