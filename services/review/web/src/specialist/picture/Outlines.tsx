import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "../../api/queries";
import { wounds } from "../../api/wounds";
import type { Outline } from "../../gen/samspil/wound/v1/outline_pb";
import { day, dayAndTime, number } from "../../i18n/format";
import { Button } from "../../ui/Button";
import { Failure } from "../../ui/Notice";
import type { Shot } from "./choice";
import { difference, outlinesOf } from "./measures";
import styles from "./Outlines.module.css";

/** What was measured on a photo by hand, beside what the nurse measured at the visit. */
export function Outlines({
  wound,
  shot,
  outlines,
  side,
  mayWithdraw,
}: {
  wound: string;
  shot: Shot;
  /** Which of two photos it is. */
  side: "a" | "b" | undefined;
  outlines: readonly Outline[];
  mayWithdraw: boolean;
}) {
  const { t } = useTranslation("picture");
  const { findings } = shot.visit;
  const here = outlinesOf(shot.photo.name, outlines);
  return (
    <section className={styles.outlines} aria-label={t("measures.label")}>
      {side && (
        <strong>
          {t(`side.${side}`)} {day(shot.visit.visitTime)}
        </strong>
      )}
      <dl className={styles.nurse}>
        <dt>{t("measures.nurse")}</dt>
        <dd>
          {size(findings?.lengthMm, findings?.widthMm) || t("measures.notMeasured")}
          {findings?.depthMm !== undefined && `, ${t("measures.depth", { depth: findings.depthMm })}`}
        </dd>
      </dl>
      {here.length === 0 && <p className={styles.none}>{t("measures.none")}</p>}
      <ul className={styles.list}>
        {here.map((outline, index) => (
          <Measured
            key={outline.name}
            {...{ wound, outline, shot, mayWithdraw }}
            place={here.length > 1 ? index + 1 : undefined}
          />
        ))}
      </ul>
    </section>
  );
}

function Measured({
  wound,
  outline,
  place,
  shot,
  mayWithdraw,
}: {
  wound: string;
  outline: Outline;
  /** Its number on the photo, where there are several. */
  place: number | undefined;
  shot: Shot;
  mayWithdraw: boolean;
}) {
  const { t } = useTranslation("picture");
  const { measures, drawnBy, createTime } = outline;
  const { length, width } = difference(outline, shot.visit.findings);
  return (
    <li className={styles.outline}>
      <strong>
        {place !== undefined && `${place}: `}
        {measures?.areaMm2 === undefined
          ? t("measures.pixels", { area: number(measures?.areaPx ?? 0) })
          : `${number(measures.areaMm2 / 100, 2)} cm² · ${size(measures.lengthMm, measures.widthMm)}`}
      </strong>
      <span>{t(measures?.areaMm2 === undefined ? "measures.byHand" : "measures.byHandScale")}</span>
      {(length !== undefined || width !== undefined) && (
        <span>{t("measures.difference", { length: signed(length), width: signed(width) })}</span>
      )}
      <span className={styles.who}>
        {drawnBy?.displayName}, {dayAndTime(createTime)}
      </span>
      {mayWithdraw && <Withdraw wound={wound} outline={outline} />}
    </li>
  );
}

/** Asks first, in place: what is withdrawn stays in the history but is seen no more. */
function Withdraw({ wound, outline }: { wound: string; outline: Outline }) {
  const { t } = useTranslation(["picture", "app"]);
  const client = useQueryClient();
  const [requestId, setRequestId] = useState<string>();
  const withdraw = useMutation({
    mutationFn: (id: string) => wounds.withdrawOutline({ name: outline.name, requestId: id }),
    onSuccess: () => client.invalidateQueries(queries.outlines(wound)),
  });
  if (!requestId)
    return (
      <Button small kind="quiet" onClick={() => setRequestId(crypto.randomUUID())}>
        {t("withdraw.begin")}
      </Button>
    );
  return (
    <fieldset className={styles.ask}>
      <legend>{t("withdraw.sure")}</legend>
      <Button small autoFocus onClick={() => setRequestId(undefined)}>
        {t("withdraw.keep")}
      </Button>
      <Button small kind="danger" busy={withdraw.isPending} onClick={() => withdraw.mutate(requestId)}>
        {t("withdraw.do")}
      </Button>
      <Failure error={withdraw.error} />
    </fieldset>
  );
}

function size(length: number | undefined, width: number | undefined): string {
  if (length === undefined && width === undefined) return "";
  const told = (value: number | undefined) => (value === undefined ? "?" : number(value));
  return `${told(length)} × ${told(width)} mm`;
}

function signed(value: number | undefined): string {
  if (value === undefined) return "?";
  const text = number(Math.abs(value));
  return text === "0" ? "0" : `${value < 0 ? "−" : "+"}${text}`;
}
