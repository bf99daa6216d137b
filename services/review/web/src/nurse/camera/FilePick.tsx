import { type ReactNode, useId } from "react";
import { buttonClass } from "../../ui/Button";
import styles from "./Camera.module.css";

/** A photo from the device's own camera or from its files. */
export function FilePick({
  capture,
  onPick,
  children,
}: {
  /** Straight to the camera, where the device can. */
  capture?: boolean;
  onPick: (file: File) => void;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <div className={styles.pick}>
      <input
        id={id}
        className="hidden-visually"
        type="file"
        accept="image/jpeg,image/png,image/webp"
        {...(capture && { capture: "environment" })}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          // The same file may be picked again after it was put away.
          event.target.value = "";
          if (file) onPick(file);
        }}
      />
      <label htmlFor={id} className={buttonClass({ wide: true })}>
        {children}
      </label>
    </div>
  );
}
