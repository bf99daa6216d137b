import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { queries } from "../../api/queries";
import type { Outline } from "../../gen/samspil/wound/v1/outline_pb";
import type { Visit } from "../../gen/samspil/wound/v1/visit_pb";
import type { Wound } from "../../gen/samspil/wound/v1/wound_pb";
import { usePerson } from "../../session/session";
import { Failure, Notice } from "../../ui/Notice";
import { type Choice, readChoice, type Shot, shotsOf, writeChoice } from "./choice";
import { Desk } from "./Desk";
import styles from "./PictureDesk.module.css";
import { type Side, Strip } from "./Strip";

interface PictureDeskProps {
  wound: Wound;
  /** The newest first. */
  visits: Visit[];
  outlines: Outline[];
}

const NONE: never[] = [];

/** A wound's pictures over time: one large, or two compared, above the strip of them all. The address says which. */
export function PictureDesk({ wound, visits, outlines }: PictureDeskProps) {
  const { t } = useTranslation("picture");
  const [params, setParams] = useSearchParams();
  const mayDraw = ["nurse", "specialist"].includes(usePerson().role);
  const suggestions = useQuery(queries.suggestions(wound.name));
  const shots = useMemo(() => shotsOf(visits), [visits]);
  // A photo that arrives meanwhile does not take the place of the one that is looked at.
  const [held] = useState(() => readChoice(params, shots).a?.photo.photoId);
  const choice = readChoice(params, shots, held);
  const { a } = choice;
  const choose = (next: Partial<Choice>, replace = false) =>
    setParams((now) => writeChoice(now, { ...choice, ...next }), { replace, preventScrollReset: true });
  const take = (shot: Shot, side: Side) => {
    // The photo that is on the other side already changes places.
    if (side === "b" && shot === a) return;
    const swaps = side === "a" && shot === choice.b;
    choose(swaps ? { a: shot, b: a } : { [side]: shot });
  };
  return (
    <div className={styles.pictures}>
      <div>
        {choice.lost && <Notice kind="info">{t("lost")}</Notice>}
        <Failure error={suggestions.error} onRetry={() => suggestions.refetch()} />
      </div>
      {a ? (
        <Desk
          {...{ wound, shots, outlines, mayDraw, choice: { ...choice, a }, choose }}
          suggestions={suggestions.data ?? NONE}
        >
          <Strip shots={shots} choice={choice} onChoose={take} />
        </Desk>
      ) : (
        <div>
          <p className={styles.none}>{t(shots.length === 0 ? "none" : "noneStored")}</p>
          {shots.length > 0 && <Strip shots={shots} choice={choice} onChoose={take} />}
        </div>
      )}
    </div>
  );
}
