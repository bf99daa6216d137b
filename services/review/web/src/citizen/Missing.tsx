import { Code, ConnectError } from "@connectrpc/connect";
import { useTranslation } from "react-i18next";
import { problem } from "../api/errors";
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
  // What keeps everything away is said once, and a sign-in that has run out by the page's frame.
  if (failed.length === parts.length) {
    const expired = failed.every(({ error }) => ConnectError.from(error).code === Code.Unauthenticated);
    return <Failure error={failed[0]?.error} {...(!expired && { onRetry })} />;
  }
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
