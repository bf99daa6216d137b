import { useTranslation } from "react-i18next";
import { type Layout, layouts } from "./choice";
import { Icon, type IconName } from "./Icon";
import { type Command, shown } from "./keys";
import styles from "./Toolbar.module.css";

/** What can be open beside the pictures, one at a time. */
export type Panel = "adjust" | "align" | "draw" | "help";

interface ToolbarProps {
  onCommand: (command: Command) => void;
  panel: Panel | undefined;
  onPanel: (panel: Panel) => void;
  /** Undefined while only one picture is looked at. */
  layout: Layout | undefined;
  onLayout: (layout: Layout) => void;
  /** Undefined where there is nothing to compare with. */
  onCompare: (() => void) | undefined;
  outlinesShown: boolean;
  mayDraw: boolean;
}

/** Everything that can be done with the pictures, by a button with a name. */
export function Toolbar(props: ToolbarProps) {
  const { onCommand, panel, onPanel, layout, onLayout, onCompare, outlinesShown, mayDraw } = props;
  const { t } = useTranslation("picture");
  const command = (name: Command & IconName, pressed?: boolean) => (
    <Tool
      icon={name}
      name={t(`command.${name}`)}
      keys={shown(name)}
      pressed={pressed}
      onClick={() => onCommand(name)}
    />
  );
  const opens = (name: Panel) => (
    <Tool
      icon={name}
      name={t(`panel.${name}`)}
      pressed={panel === name}
      onClick={() => onPanel(name)}
      wordy={name === "draw"}
    />
  );
  return (
    <div className={styles.toolbar} role="toolbar" aria-label={t("toolbar")}>
      {command("zoomOut")}
      {command("zoomIn")}
      {command("fit")}
      {command("turnLeft")}
      {command("turnRight")}
      {opens("adjust")}
      {command("outlines", outlinesShown)}
      {document.fullscreenEnabled && command("fullScreen")}
      {opens("help")}
      <span className={styles.gap} />
      {layout && (
        <>
          <fieldset className={styles.layouts}>
            <legend className="hidden-visually">{t("layout.label")}</legend>
            {layouts.map((one) => (
              <label key={one} className={styles.layout}>
                <input type="radio" name="layout" checked={one === layout} onChange={() => onLayout(one)} />
                {t(`layout.${one}`)}
              </label>
            ))}
          </fieldset>
          {opens("align")}
        </>
      )}
      {!layout && mayDraw && opens("draw")}
      {onCompare && (
        <Tool icon="compare" name={t("compare")} pressed={layout !== undefined} onClick={onCompare} wordy />
      )}
    </div>
  );
}

interface ToolProps {
  icon: IconName;
  name: string;
  keys?: string;
  pressed?: boolean | undefined;
  /** Its name is written beside the icon. */
  wordy?: boolean;
  onClick: () => void;
}

function Tool({ icon, name, keys, pressed, wordy, onClick }: ToolProps) {
  return (
    <button
      type="button"
      className={styles.tool}
      aria-label={name}
      aria-pressed={pressed}
      title={keys ? `${name} (${keys})` : name}
      onClick={onClick}
    >
      <Icon name={icon} />
      {wordy && <span>{name}</span>}
    </button>
  );
}
