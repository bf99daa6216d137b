import { useTranslation } from "react-i18next";
import { Notice } from "../../ui/Notice";
import type { Warning } from "./record";

/** What the server says of a photo's quality, and what to do. */
export function Warnings({ warnings }: { warnings: Warning[] }) {
  const { i18n } = useTranslation();
  return warnings.map((one) => (
    <Notice key={one.code} kind="warn">
      {i18n.language === "en" ? one.adviceEn : one.adviceDa}
    </Notice>
  ));
}
