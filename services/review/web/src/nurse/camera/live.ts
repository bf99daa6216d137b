/** The hint while the nurse aims: the same measures as for the photo, on what the camera shows now. */
import { type Fault, faults, lumaOf, measure, WORKING_PIXELS } from "./measure";

/** The middle of the picture, where the wound is, at the scale at which sharpness means something. */
const PART = { width: 256, height: 192 };
const EVERY_MS = 250;
/** A fault is told once it has been there for so many looks: a hand that moves is no blurred photo. */
const STEADY = 2;

/** Looks at the camera's picture again and again; tells the first fault, or that there is none. */
export function watchLive(video: HTMLVideoElement, tell: (fault: Fault | undefined) => void): () => void {
  const canvas = document.createElement("canvas");
  canvas.width = PART.width;
  canvas.height = PART.height;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  let last: Fault | undefined;
  let times = 0;
  const lookOnce = () => {
    const { videoWidth, videoHeight } = video;
    if (!pen || !videoWidth) return;
    const scale = Math.min(1, Math.sqrt(WORKING_PIXELS / (videoWidth * videoHeight)));
    const width = PART.width / scale;
    const height = PART.height / scale;
    pen.drawImage(
      video,
      (videoWidth - width) / 2,
      (videoHeight - height) / 2,
      width,
      height,
      0,
      0,
      PART.width,
      PART.height,
    );
    // How many pixels the still will have, the live picture does not tell.
    const [fault] = faults(measure(lumaOf(pen.getImageData(0, 0, PART.width, PART.height))), 1);
    times = fault === last ? times + 1 : 1;
    last = fault;
    if (times === STEADY) tell(fault);
  };
  const timer = setInterval(lookOnce, EVERY_MS);
  return () => clearInterval(timer);
}
