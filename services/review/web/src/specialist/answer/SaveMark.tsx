import { useTranslation } from "react-i18next";
import { isUnauthenticated, problem } from "../../api/errors";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import styles from "./Answer.module.css";
import { AnswerText } from "./AnswerText";
import type { Drafting } from "./useDraft";

/** Whether what is typed is saved. */
export function SaveMark({ drafting }: { drafting: Drafting }) {
  const { t } = useTranslation(["answer"]);
  const { kind } = drafting.state;
  if (kind === "untouched" || kind === "failed" || kind === "conflict" || kind === "refused") return null;
  return (
    <span role="status" className={styles.mark}>
      <Badge kind={kind === "saved" ? "good" : undefined}>{t(`save.${kind}`)}</Badge>
    </span>
  );
}

/** What stands in the way of saving, and what can be done about it. */
export function SaveTrouble({ drafting }: { drafting: Drafting }) {
  const { t } = useTranslation(["answer", "app"]);
  const { state, saver, draft } = drafting;
  if (state.kind === "conflict") {
    return (
      <section className={styles.conflict} role="alert">
        <p>{t("save.conflict")}</p>
        <div className={styles.sides}>
          <div>
            <h3>{t("save.mine")}</h3>
            <AnswerText answer={draft} />
            <Button small onClick={() => saver.choose("mine")}>
              {t("save.keepMine")}
            </Button>
          </div>
          <div>
            <h3>{t("save.theirs")}</h3>
            <AnswerText answer={state.theirs.draft} before={draft} />
            <Button small onClick={() => saver.choose("theirs")}>
              {t("save.takeTheirs")}
            </Button>
          </div>
        </div>
      </section>
    );
  }
  if (state.kind !== "failed" && state.kind !== "refused") return null;
  const retry = () => (state.kind === "refused" ? saver.again() : saver.flush());
  const signedOut = isUnauthenticated(state.error);
  return (
    <Notice
      kind="warn"
      action={
        <Button small onClick={retry}>
          {t("app:retry")}
        </Button>
      }
    >
      {t(signedOut ? "save.signedOut" : "save.failed")} {!signedOut && problem(state.error).text}
    </Notice>
  );
}
