import { Dialog as Headless } from "@base-ui/react/dialog";
import type { ReactNode, RefObject } from "react";
import styles from "./DialogBox.module.css";

export interface DialogProps {
  open: boolean;
  title: ReactNode;
  /** Called when the person closes it by Escape or a click beside it. Left out when there has to be an answer. */
  onClose?: () => void;
  /** The buttons, the likely one last. */
  actions: ReactNode;
  /** What has the focus at first. The first control when left out. */
  initialFocus?: RefObject<HTMLElement | null>;
  children?: ReactNode;
}

/** A dialog over the page, which keeps the focus and gives it back. */
export default function DialogBox({ open, title, onClose, actions, initialFocus, children }: DialogProps) {
  return (
    <Headless.Root
      open={open}
      onOpenChange={(next) => !next && onClose?.()}
      disablePointerDismissal={!onClose}
    >
      <Headless.Portal>
        <Headless.Backdrop className={styles.backdrop} />
        <Headless.Popup className={styles.popup} {...(initialFocus && { initialFocus })}>
          <Headless.Title>{title}</Headless.Title>
          {children}
          <div className={styles.actions}>{actions}</div>
        </Headless.Popup>
      </Headless.Portal>
    </Headless.Root>
  );
}
