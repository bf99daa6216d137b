import { useTranslation } from "react-i18next";
import { timeOfDay } from "../../i18n/format";
import { usePerson } from "../../session/session";
import { Button } from "../../ui/Button";
import { Failure, Notice } from "../../ui/Notice";
import { holdOf } from "./standing";
import type { Holding } from "./useHold";

/** Why something could not be taken or put back. Whoever was second learns who was first. */
export function HoldFailure({ holding }: { holding: Holding }) {
  const { t } = useTranslation(["queue", "app"]);
  const { failure, forget } = holding;
  const person = usePerson();
  if (!failure) return null;
  const hold = holdOf(failure.assessment, person.id, new Date());
  if (hold.by !== "other") {
    return <Failure error={failure.error} onRetry={() => holding.act(failure.act, failure.assessment)} />;
  }
  return (
    <Notice
      kind="bad"
      action={
        <Button small onClick={forget}>
          {t("app:close")}
        </Button>
      }
    >
      {t("takenBy", { name: hold.actor.displayName, time: timeOfDay(hold.until) })}
    </Notice>
  );
}
