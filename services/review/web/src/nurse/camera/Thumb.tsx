import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PhotoRecord } from "../outbox/record";
import { openPhoto } from "./photo";
import styles from "./Thumb.module.css";

const SIDE = 240;

/** A sealed photo, small: drawn once, so that a dozen of them in full size do not fill a phone's memory. */
export function Thumb({ photo, label }: { photo: PhotoRecord; label: string }) {
  const { t } = useTranslation("visit");
  const canvas = useRef<HTMLCanvasElement>(null);
  const [gone, setGone] = useState(false);
  const sealed = photo.state !== "sealing";
  // biome-ignore lint/correctness/useExhaustiveDependencies: the bytes of an id never change
  useEffect(() => {
    if (!sealed) return;
    let wanted = true;
    draw(photo, () => (wanted ? canvas.current : null)).catch(() => wanted && setGone(true));
    return () => {
      wanted = false;
    };
  }, [photo.id, sealed]);
  if (gone) return <span className={styles.gone}>{t("photos.gone")}</span>;
  return (
    <canvas ref={canvas} className={styles.thumb} width={SIDE} height={SIDE} role="img" aria-label={label} />
  );
}

async function draw(photo: PhotoRecord, target: () => HTMLCanvasElement | null): Promise<void> {
  const blob = await openPhoto(photo);
  if (!blob) throw new Error("its bytes are gone");
  const picture = await createImageBitmap(blob, { resizeHeight: SIDE * 1.5, resizeQuality: "medium" });
  const side = Math.min(picture.width, picture.height);
  target()
    ?.getContext("2d")
    ?.drawImage(
      picture,
      (picture.width - side) / 2,
      (picture.height - side) / 2,
      side,
      side,
      0,
      0,
      SIDE,
      SIDE,
    );
  picture.close();
}
