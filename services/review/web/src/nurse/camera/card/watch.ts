/** The second hint while the nurse aims: whether the marker card can be seen. */

/** A card is some sixty pixels wide in a picture of this width when it lies beside a wound: enough to read it. */
const WIDTH = 640;
const EVERY_MS = 400;
/** A card that was seen is forgotten only after so many looks without it. */
const PATIENCE = 3;

/** Looks again and again; tells the card's number, or that there is none, whenever that changes. */
export function watchCard(video: HTMLVideoElement, tell: (number: number | undefined) => void): () => void {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  let busy = false;
  let missed = 0;
  worker.onmessage = ({ data }: MessageEvent<number | undefined>) => {
    busy = false;
    missed = data === undefined ? missed + 1 : 0;
    if (data !== undefined || missed >= PATIENCE) tell(data);
  };
  const look = () => {
    const { videoWidth, videoHeight } = video;
    if (busy || !pen || !videoWidth) return;
    busy = true;
    const scale = Math.min(1, WIDTH / videoWidth);
    canvas.width = Math.round(videoWidth * scale);
    canvas.height = Math.round(videoHeight * scale);
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
    worker.postMessage(picture, [picture.data.buffer]);
  };
  const timer = setInterval(look, EVERY_MS);
  return () => {
    clearInterval(timer);
    worker.terminate();
  };
}
