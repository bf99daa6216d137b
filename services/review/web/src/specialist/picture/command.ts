/** What the keys and buttons do to a viewer. */
import type { Command } from "./keys";
import type { Lens } from "./lens";
import { AS_IT_IS, type Look, stepped } from "./look";

const PAN_SHARE = 0.15;

/** Does what concerns the viewer; tells whether it did. */
export function move(lens: Lens, command: Command): boolean {
  const turn = lens.view(false).turn;
  const acts: Partial<Record<Command, () => void>> = {
    zoomIn: () => lens.zoomBy(1),
    zoomOut: () => lens.zoomBy(-1),
    fit: () => lens.fit(),
    left: () => lens.panBy(-PAN_SHARE, 0),
    right: () => lens.panBy(PAN_SHARE, 0),
    up: () => lens.panBy(0, -PAN_SHARE),
    down: () => lens.panBy(0, PAN_SHARE),
    turnRight: () => lens.turnTo(turn + 90),
    turnLeft: () => lens.turnTo(turn - 90),
    turnBitRight: () => lens.turnTo(turn + 2),
    turnBitLeft: () => lens.turnTo(turn - 2),
  };
  acts[command]?.();
  return command in acts;
}

/** How it looks after a command; the same where it has nothing to do with that. */
export function looked(look: Look, command: Command): Look {
  switch (command) {
    case "brighter":
      return stepped(look, "brightness", 1);
    case "darker":
      return stepped(look, "brightness", -1);
    case "moreContrast":
      return stepped(look, "contrast", 1);
    case "lessContrast":
      return stepped(look, "contrast", -1);
    case "asItIs":
      return AS_IT_IS;
    default:
      return look;
  }
}
