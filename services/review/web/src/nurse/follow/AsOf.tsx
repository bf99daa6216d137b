import { useTranslation } from "react-i18next";
import { isUnreachable } from "../../api/errors";
import { dayAndTime, timeOfDay } from "../../i18n/format";
import { Button } from "../../ui/Button";
import { Failure, Notice } from "../../ui/Notice";
import { type Along, refreshAlong } from "./along";

/** From when the page is, while the server cannot be reached. */
export function AsOf({ along }: { along: Along }) {
  const { t } = useTranslation(["nurse", "app"]);
  if (!along.error) return null;
  if (!along.known || !isUnreachable(along.error)) {
    return <Failure error={along.error} onRetry={refreshAlong} />;
  }
  const at = new Date(along.caseload.at);
  const today = at.toDateString() === new Date().toDateString();
  return (
    <Notice
      kind="warn"
      action={
        <Button small onClick={refreshAlong}>
          {t("app:retry")}
        </Button>
      }
    >
      {t(today ? "asOfTime" : "asOfDay", { time: today ? timeOfDay(at) : dayAndTime(at) })}
    </Notice>
  );
}
