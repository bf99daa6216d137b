import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { Waiting } from "../../ui/Waiting";
import styles from "./Camera.module.css";
import type { Taken } from "./photo";
import { type Judged, judge } from "./still";

/** A photo before it is kept: as it is, with what could be better. */
export function Review({
  blob,
  at,
  onKeep,
  onAgain,
  onClose,
}: {
  blob: Blob;
  at: Date;
  onKeep: (taken: Taken) => void;
  onAgain: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation(["visit", "app"]);
  const [judged, setJudged] = useState<Judged>();
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    let wanted = true;
    const made = URL.createObjectURL(blob);
    setUrl(made);
    judge(blob, at).then(
      (found) => wanted && setJudged(found),
      () => wanted && setJudged({ bad: "undecodable" }),
    );
    return () => {
      wanted = false;
      URL.revokeObjectURL(made);
    };
  }, [blob, at]);

  const bad = judged && "bad" in judged ? judged.bad : undefined;
  const faults = judged && "faults" in judged ? judged.faults : [];
  return (
    <div className={styles.review}>
      {!bad && url && <img className={styles.picture} src={url} alt={t("camera.taken")} />}
      <div className={styles.verdict}>
        {!judged && <Waiting />}
        {bad && <Notice kind="bad">{t(`badFile.${bad}`)}</Notice>}
        {faults.map((fault) => (
          <Notice key={fault} kind="warn">
            {t(`advice.${fault}`)}
          </Notice>
        ))}
        {judged && !bad && faults.length === 0 && <Notice kind="good">{t("camera.good")}</Notice>}
      </div>
      <div className={styles.choice}>
        <Button onClick={onClose}>{t("app:cancel")}</Button>
        <Button kind={faults.length > 0 || bad ? "primary" : "plain"} onClick={onAgain}>
          {t("camera.again")}
        </Button>
        {judged && "taken" in judged && (
          <Button kind={faults.length > 0 ? "plain" : "primary"} onClick={() => onKeep(judged.taken)}>
            {faults.length > 0 ? t("camera.keepAnyway") : t("camera.keep")}
          </Button>
        )}
      </div>
    </div>
  );
}
