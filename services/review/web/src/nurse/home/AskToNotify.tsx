import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { askPermission, permission } from "../follow/announce";
import styles from "./Home.module.css";

/** Offers to tell of answers while the page is in the background. Asked for by the person, never by itself. */
export function AskToNotify() {
  const { t } = useTranslation("nurse");
  const [state, setState] = useState(permission());
  if (state !== "default") return null;
  return (
    <p className={styles.quiet}>
      {t("arrival.offer")}{" "}
      <Button small onClick={() => askPermission().then(() => setState(permission()))}>
        {t("arrival.allow")}
      </Button>
    </p>
  );
}
