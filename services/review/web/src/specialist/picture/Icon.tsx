/** Line drawings for buttons, 24 by 24. The button says in words what they stand for. */
const SHAPES = {
  zoomIn: "M10 4a6 6 0 1 1 0 12 6 6 0 0 1 0-12M14.5 14.5 20 20M10 7.5v5M7.5 10h5",
  zoomOut: "M10 4a6 6 0 1 1 0 12 6 6 0 0 1 0-12M14.5 14.5 20 20M7.5 10h5",
  fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5M9 9h6v6H9z",
  turnLeft: "M5 4v5h5M5.5 9A7.5 7.5 0 1 1 5 14",
  turnRight: "M19 4v5h-5M18.5 9A7.5 7.5 0 1 0 19 14",
  adjust:
    "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4",
  outlines:
    "M12 5c4 0 6.500 2 7 6s-2 8-7 8-8-3-7.500-7S8 5 12 5M12 10.500a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3",
  draw: "M4 20l1-4L16 5l3 3L8 19zM13.500 7.500l3 3",
  compare: "M4 5h7v14H4zM13 5h7v14h-7zM12 3v18",
  align: "M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3",
  fullScreen: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  help: "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 17.500v.5M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18",
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true">
      <path
        d={SHAPES[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
