import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { speak } from "../i18n/i18n";
import { Menu, MenuItem } from "../ui/Menu";
import { SignOut } from "./SignOut";
import { setTheme, theme } from "./theme";

const themes = ["system", "light", "dark"] as const;

/** What everybody can set for themselves. Open as soon as it is there: somebody has asked for it. */
export default function AccountMenu({ trigger }: { trigger: ReactElement }) {
  const { t, i18n } = useTranslation();
  const [leaving, setLeaving] = useState(false);
  const next = themes[(themes.indexOf(theme()) + 1) % themes.length] ?? "system";
  const other = i18n.language === "da" ? "en" : "da";
  return (
    <>
      <Menu trigger={trigger} defaultOpen>
        <MenuItem onChoose={() => setTheme(next)}>{t(`account.theme.${next}`)}</MenuItem>
        <MenuItem onChoose={() => speak(other)}>
          <span lang={other}>{other === "en" ? "English" : "Dansk"}</span>
        </MenuItem>
        <MenuItem onChoose={() => setLeaving(true)}>{t("signOut")}</MenuItem>
      </Menu>
      <SignOut open={leaving} onStay={() => setLeaving(false)} />
    </>
  );
}
