/** The keys of the pictures, for doing and for the help. They hold while the focus is in the picture. */

export const commands = [
  "zoomIn",
  "zoomOut",
  "fit",
  "left",
  "right",
  "up",
  "down",
  "turnRight",
  "turnLeft",
  "turnBitRight",
  "turnBitLeft",
  "brighter",
  "darker",
  "moreContrast",
  "lessContrast",
  "asItIs",
  "outlines",
  "fullScreen",
  "help",
] as const;
export type Command = (typeof commands)[number];

/** What is pressed, as it is written on a keyboard. */
const KEYS: Record<Command, string[]> = {
  zoomIn: ["+", "="],
  zoomOut: ["-"],
  fit: ["0"],
  left: ["ArrowLeft"],
  right: ["ArrowRight"],
  up: ["ArrowUp"],
  down: ["ArrowDown"],
  turnRight: ["r"],
  turnLeft: ["R"],
  turnBitRight: ["."],
  turnBitLeft: [","],
  brighter: ["b"],
  darker: ["B"],
  moreContrast: ["c"],
  lessContrast: ["C"],
  asItIs: ["n"],
  outlines: ["o"],
  fullScreen: ["f"],
  help: ["?"],
};

const SYMBOLS: Record<string, string> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
};

interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** What a key means. What is pressed together with Ctrl, Alt or Command is the browser's. */
export function commandOf({ key, ctrlKey, metaKey, altKey }: Press): Command | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  return commands.find((command) => KEYS[command].includes(key));
}

/** As it is shown to a person: `Shift + R`, `←`. */
export function shown(command: Command): string {
  const key = KEYS[command][0] ?? "";
  if (SYMBOLS[key]) return SYMBOLS[key];
  return /^[A-Z]$/.test(key) ? `Shift + ${key}` : key.toUpperCase();
}
