import { type ReactNode, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { Outline } from "../../gen/samspil/wound/v1/outline_pb";
import type { Suggestion } from "../../gen/samspil/wound/v1/suggestion_pb";
import type { Wound } from "../../gen/samspil/wound/v1/wound_pb";
import { AdjustPanel } from "./AdjustPanel";
import { AlignPanel } from "./AlignPanel";
import { type Choice, counterpart, type Shot } from "./choice";
import { looked, move } from "./command";
import { DrawPanel } from "./DrawPanel";
import { begun, begunFrom, type Step } from "./drawing";
import { drawings, useDrawing } from "./drawings";
import { HelpPanel } from "./HelpPanel";
import type { Command } from "./keys";
import type { Lens } from "./lens";
import { AS_IT_IS } from "./look";
import { scaleToBeginWith } from "./measures";
import { Outlines } from "./Outlines";
import styles from "./PictureDesk.module.css";
import { PutAway } from "./PutAway";
import { Stage } from "./Stage";
import { type Panel, Toolbar } from "./Toolbar";
import { useAlignment } from "./useAlignment";
import { useDrawKeys } from "./useDrawKeys";
import { useFocus } from "./useFocus";
import { useFullScreen } from "./useFullScreen";
import { usePlaces } from "./usePlaces";
import { useSynced } from "./useSynced";
import { useView } from "./useView";

interface DeskProps {
  wound: Wound;
  shots: readonly Shot[];
  outlines: readonly Outline[];
  suggestions: readonly Suggestion[];
  mayDraw: boolean;
  choice: Choice & { a: Shot };
  choose: (next: Partial<Choice>, replace?: boolean) => void;
  /** The strip of all photos. */
  children: ReactNode;
}

/** The large pictures with everything that can be done with them. */
export function Desk(props: DeskProps) {
  const { wound, shots, outlines, suggestions, mayDraw, choice, choose, children } = props;
  const { a, b, layout } = choice;
  const photo = a.photo.name;
  const desk = useRef<HTMLDivElement>(null);
  const [lensA, setLensA] = useState<Lens>();
  const [lensB, setLensB] = useState<Lens>();
  const [look, setLook] = useState(AS_IT_IS);
  const [panel, setPanel] = useState<Panel>();
  const [outlinesShown, setOutlinesShown] = useState(true);
  const [share, setShare] = useState(0.5);
  const fullScreen = useFullScreen(desk);

  const alignment = useAlignment(a, b, outlines);
  useSynced(lensA, lensB, alignment.picking ? undefined : alignment.map);

  const kept = useDrawing(photo);
  const drawing = !b && mayDraw && kept && !kept.away ? kept.drawing : undefined;
  const step = (next: Step) => drawings.step(photo, next);
  const stopDrawing = () => {
    drawings.putAway(photo, true);
    setPanel(undefined);
    keys.forget();
  };
  const keys = useDrawKeys(lensA, drawing, step, stopDrawing);
  usePlaces(lensA, drawing ? (at) => step({ do: "place", at }) : undefined);
  usePlaces(alignment.picking && lensA, (at) => alignment.pick("a", at));
  usePlaces(alignment.picking && lensB, (at) => alignment.pick("b", at));

  useFocus(lensA, drawing);

  const open = drawing ? "draw" : panel;
  const toggle = (name: Panel) => {
    alignment.startPicking(false);
    if (drawing) stopDrawing();
    if (name === "draw" && !drawing) drawings.begin(photo, begun(scaleToBeginWith(a.photo, outlines)));
    else setPanel(open === name ? undefined : name);
  };
  const perform = (command: Command) => {
    if (command === "fullScreen") fullScreen();
    else if (command === "help") toggle("help");
    else if (command === "outlines") setOutlinesShown(!outlinesShown);
    else if (!lensA || !move(lensA, command)) setLook(looked(look, command));
  };
  const correct = (shot: Shot, suggestion: Suggestion) => {
    alignment.startPicking(false);
    setPanel(undefined);
    // Drawn at once: what comes above the picture moves it.
    flushSync(() => {
      drawings.begin(shot.photo.name, begunFrom(suggestion, scaleToBeginWith(shot.photo, outlines)));
      if (b) choose({ a: shot, b: undefined });
    });
    // It goes on in the picture, which may be out of sight.
    const stage = desk.current?.querySelector<HTMLElement>("[role=application]");
    stage?.focus({ preventScroll: true });
    stage?.scrollIntoView({ block: "end" });
  };
  const measures = (shot: Shot, side: "a" | "b" | undefined) => (
    <Outlines
      key={shot.photo.name}
      {...{ wound: wound.name, shot, side, outlines, suggestions }}
      decisions={
        mayDraw
          ? {
              shown: outlinesShown,
              onShow: () => setOutlinesShown(true),
              drawing: drawings.goingOn(shot.photo.name),
              onCorrect: (suggestion) => correct(shot, suggestion),
            }
          : undefined
      }
    />
  );
  const compare = () => {
    alignment.startPicking(false);
    if (panel === "align") setPanel(undefined);
    choose({ b: b ? undefined : counterpart(shots, a) });
  };

  return (
    <div className={styles.desk} ref={desk}>
      <div className={styles.work}>
        <Toolbar
          onCommand={perform}
          panel={open}
          onPanel={toggle}
          layout={b && layout}
          onLayout={(next) => choose({ layout: next }, true)}
          onCompare={b || counterpart(shots, a) ? compare : undefined}
          outlinesShown={outlinesShown}
          mayDraw={mayDraw}
        />
        <div>
          {open === "adjust" && <Adjust {...{ look, setLook, lens: lensA }} />}
          {open === "help" && <HelpPanel />}
          {open === "align" && b && lensA && (
            <AlignPanel
              onNudge={(nudge) => alignment.nudge(nudge, lensA)}
              onReset={alignment.reset}
              byMarker={alignment.byMarker}
              onSameScale={alignment.sameScale && (() => alignment.sameScale?.(lensA))}
              picked={alignment.picking && { a: alignment.picking.a.length, b: alignment.picking.b.length }}
              onPick={(start) => {
                alignment.startPicking(start);
                if (start && layout !== "side") choose({ layout: "side" }, true);
              }}
            />
          )}
          {drawing && (
            <DrawPanel
              {...{ wound: wound.name, photo, drawing, onStep: step, onCancel: stopDrawing }}
              hasMarker={a.photo.marker !== undefined}
              onSaved={() => {
                setPanel(undefined);
                keys.forget();
              }}
            />
          )}
          {!b && mayDraw && kept?.away && <PutAway photo={photo} />}
        </div>
        <Stage
          {...{ choice, look, share, drawing, outlines, suggestions, outlinesShown }}
          onLensA={setLensA}
          onLensB={setLensB}
          onShare={setShare}
          picking={alignment.picking}
          cross={keys.cross}
          onStep={step}
          onCommand={perform}
          onDrawKey={keys.onKey}
        />
      </div>
      {children}
      {measures(a, b && "a")}
      {b && measures(b, "b")}
    </div>
  );
}

function Adjust({
  look,
  setLook,
  lens,
}: {
  look: typeof AS_IT_IS;
  setLook: (look: typeof AS_IT_IS) => void;
  lens: Lens | undefined;
}) {
  const seen = useView(lens);
  return (
    <AdjustPanel
      look={look}
      onLook={setLook}
      turn={seen?.view.turn ?? 0}
      onTurn={(degrees) => lens?.turnTo(degrees)}
    />
  );
}
