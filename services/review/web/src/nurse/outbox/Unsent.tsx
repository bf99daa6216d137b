import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useUnsent } from "./unsent";

/** How much waits to be sent, for the header; while something does, it is being sent. */
export function Unsent() {
  const { t } = useTranslation();
  const count = useUnsent();
  useEffect(() => {
    // The sending is no part of the first view: it comes when there is something to send.
    if (count > 0) import("./sender").then(({ sender }) => sender.start());
  }, [count]);
  if (count === 0) return null;
  return (
    <span>
      {"\u00a0"}({count}
      <span className="hidden-visually"> {t("nav.unsent")}</span>)
    </span>
  );
}
