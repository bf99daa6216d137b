import { useTranslation } from "react-i18next";
import { useLiveness } from "../api/live";
import { Badge } from "../ui/Badge";

/** Whether what is on the screen is up to date by itself. Said only when a page has something to keep up to date. */
export function LiveMark() {
  const { t } = useTranslation();
  const liveness = useLiveness();
  if (liveness === "idle") return null;
  return (
    <span role="status">
      <Badge kind={liveness === "live" ? "good" : "warn"}>{t(`live.${liveness}`)}</Badge>
    </span>
  );
}
