import { useTranslation } from "react-i18next";
import { TextField } from "../../ui/Field";

const two = (value: number) => String(value).padStart(2, "0");

/** `2026-11-22T14:05` by the device's own clock, as the browser's field wants it. */
function local(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** When the nurse was there: now, unless she writes it down afterwards. */
export function VisitTime({ value, onChange }: { value: string; onChange: (iso: string) => void }) {
  const { t } = useTranslation("visit");
  return (
    <TextField
      label={t("time.label")}
      hint={t("time.hint")}
      type="datetime-local"
      value={local(value)}
      onChange={(event) => {
        const at = new Date(event.target.value);
        onChange(Number.isNaN(at.getTime()) ? "" : at.toISOString());
      }}
    />
  );
}
