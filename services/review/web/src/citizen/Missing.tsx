import { useTranslation } from "react-i18next";
import { isUnauthenticated, problem } from "../api/errors";
import { Button } from "../ui/Button";
import { Failure, Notice } from "../ui/Notice";
import type { Part } from "./trail";

/** Which lists are not in what is shown, why, and the way to try again. */
export function Missing({ parts, onRetry }: { parts: readonly Part[]; onRetry: () => void }) {
  const { t, i18n } = useTranslation(["citizen", "app"]);
  const failed = parts.filter(({ state }) => state === "failed");
  const late = parts.filter(({ state }) => state === "late");
  const list = new Intl.ListFormat(i18n.language, { type: "conjunction" });
  const named = (some: Part[]) => list.format(some.map(({ source }) => t(`part.${source}`)));
  // The page's frame asks for another sign-in.
  if (failed.some(({ error }) => isUnauthenticated(error))) return null;
  // What keeps everything away is said once.
  if (failed.length === parts.length) return <Failure error={failed[0]?.error} onRetry={onRetry} />;
  return (
    <>
      {failed.length > 0 && (
        <Notice
          kind="bad"
          action={
            <Button small onClick={onRetry}>
              {t("app:retry")}
            </Button>
          }
        >
          <p>{t("missing", { parts: named(failed) })}</p>
          {[...new Set(failed.map(({ error }) => problem(error).text))].map((text) => (
            <p key={text}>{text}</p>
          ))}
        </Notice>
      )}
      {late.length > 0 && <Notice kind="info">{t("late", { parts: named(late) })}</Notice>}
    </>
  );
}
