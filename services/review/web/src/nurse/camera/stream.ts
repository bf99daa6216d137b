/** The device's camera: the one that looks away from the nurse, as large as it can. */

/** A still that does not come in time is taken from the live picture instead. */
const STILL_MS = 6_000;
const QUALITY = 0.92;

/** Whether this device and this page may have a live picture at all; it has to be asked for all the same. */
export function hasCamera(): boolean {
  return navigator.mediaDevices?.getUserMedia !== undefined;
}

export function openCamera(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({
    video: { facingMode: { ideal: "environment" }, width: { ideal: 4096 }, height: { ideal: 3072 } },
    audio: false,
  });
}

export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

interface StillCamera {
  takePhoto(): Promise<Blob>;
}

/** The photo, in the sensor's own resolution where the device gives it. */
export async function takeStill(stream: MediaStream, video: HTMLVideoElement): Promise<Blob> {
  const Still = (globalThis as { ImageCapture?: new (track: MediaStreamTrack) => StillCamera }).ImageCapture;
  const [track] = stream.getVideoTracks();
  if (Still && track) {
    const still = new Still(track).takePhoto().catch(() => undefined);
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, STILL_MS));
    const photo = await Promise.race([still, late]);
    if (photo && photo.size > 0) return photo;
  }
  return await frame(video);
}

async function frame(video: HTMLVideoElement): Promise<Blob> {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
}

/** Light from the device itself, where it has some. */
export function torchOf(stream: MediaStream): ((on: boolean) => Promise<void>) | undefined {
  const [track] = stream.getVideoTracks();
  const can = track?.getCapabilities?.() as { torch?: boolean } | undefined;
  if (!track || !can?.torch) return undefined;
  return (on) => track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
}
