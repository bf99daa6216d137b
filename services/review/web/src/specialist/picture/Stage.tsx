import type { CSSProperties, KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Outline } from "../../gen/samspil/wound/v1/outline_pb";
import type { Suggestion } from "../../gen/samspil/wound/v1/suggestion_pb";
import { Badge } from "../../ui/Badge";
import { Caption } from "./Caption";
import type { Choice, Shot } from "./choice";
import type { Crosshair } from "./crosshair";
import { Divider } from "./Divider";
import { DrawLayer } from "./DrawLayer";
import type { Drawing, Step } from "./drawing";
import type { Spot } from "./geometry";
import { type Command, commandOf } from "./keys";
import type { Lens } from "./lens";
import { filter, isChanged, type Look } from "./look";
import { outlinesOf } from "./measures";
import { Overlay } from "./Overlay";
import { PhotoPane } from "./PhotoPane";
import { Card, Cross, Kept, Suggestions } from "./Shapes";
import styles from "./Stage.module.css";
import { type Open, openOn } from "./suggestions";

interface StageProps {
  choice: Choice & { a: Shot };
  look: Look;
  outlines: readonly Outline[];
  suggestions: readonly Suggestion[];
  /** Outlines, suggestions and cards are shown. */
  outlinesShown: boolean;
  onLensA: (lens: Lens | undefined) => void;
  onLensB: (lens: Lens | undefined) => void;
  /** Between 0, A alone, and 1, B alone. */
  share: number;
  onShare: (share: number) => void;
  picking: { a: Spot[]; b: Spot[] } | undefined;
  drawing: Drawing | undefined;
  cross: Crosshair | undefined;
  onStep: (step: Step) => void;
  onCommand: (command: Command) => void;
  /** Tells whether a key was for the drawing. */
  onDrawKey: (event: KeyboardEvent) => boolean;
}

/** The pictures themselves: one, or two in a layout, and the keys that hold in them. */
export function Stage(props: StageProps) {
  const { choice, look, outlines, suggestions, share, onShare, picking, drawing, cross, onStep } = props;
  const { t } = useTranslation("picture");
  const { a, b, layout } = choice;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLButtonElement) return;
    if (drawing && props.onDrawKey(event)) return event.preventDefault();
    const command = commandOf(event);
    if (!command) return;
    event.preventDefault();
    props.onCommand(command);
  };
  const older = b && isOlder(b, a) ? "b" : "a";
  const pane = (side: "a" | "b", shot: Shot, onLens: (lens: Lens | undefined) => void) => {
    const kept = outlinesOf(shot.photo.name, outlines);
    // What is drawn stands in the place of the one that it corrects.
    const isDrawn = ({ suggestion }: Open) => suggestion.name === drawing?.suggestion;
    const open = openOn(shot.photo, suggestions).filter((one) => !isDrawn(one));
    return (
      <div className={styles.pane} data-side={side} key={side}>
        <PhotoPane
          key={shot.photo.name}
          shot={shot}
          caption={<Caption shot={shot} side={b && side} />}
          filter={filter(look)}
          onLens={onLens}
        >
          {(lens) => (
            <Overlay lens={lens}>
              {(view) => (
                <>
                  {props.outlinesShown && (
                    <>
                      {shot.photo.marker && <Card marker={shot.photo.marker} />}
                      <Suggestions open={open} view={view} />
                      <Kept outlines={kept} view={view} />
                    </>
                  )}
                  {picking?.[side].map((at) => (
                    <Cross key={`${at.x} ${at.y}`} at={at} size={12 / view.zoom} />
                  ))}
                  {side === "a" && drawing && (
                    <DrawLayer
                      {...{ lens, view, drawing, onStep }}
                      cross={cross && { at: cross.at, held: !!cross.held }}
                    />
                  )}
                </>
              )}
            </Overlay>
          )}
        </PhotoPane>
      </div>
    );
  };
  return (
    <div className={styles.frame}>
      <div
        className={styles.stage}
        data-layout={b ? layout : "one"}
        data-first={older}
        style={{ "--share": share } as CSSProperties}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a picture that is moved by keys has to take the focus
        tabIndex={0}
        aria-label={t(b ? "stage.two" : "stage.one")}
        onKeyDown={onKeyDown}
      >
        {pane("a", a, props.onLensA)}
        {b && pane("b", b, props.onLensB)}
        {b && layout === "swipe" && <Divider onShare={onShare} />}
        {isChanged(look) && (
          <span className={styles.changed}>
            <Badge kind="warn">{t("look.changed")}</Badge>
          </span>
        )}
      </div>
      {b && layout !== "side" && (
        <label className={styles.share}>
          <span>{t(`share.${layout}`)}</span>
          <input
            type="range"
            min={0}
            max={100}
            value={Math.round(share * 100)}
            aria-valuetext={t("share.value", { percent: Math.round(share * 100) })}
            onChange={(event) => onShare(event.target.valueAsNumber / 100)}
          />
        </label>
      )}
    </div>
  );
}

function isOlder(one: Shot, other: Shot): boolean {
  return (one.visit.visitTime?.seconds ?? 0n) < (other.visit.visitTime?.seconds ?? 0n);
}
