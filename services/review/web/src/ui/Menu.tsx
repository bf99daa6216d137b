import { Menu as Headless } from "@base-ui/react/menu";
import type { ReactElement, ReactNode } from "react";
import styles from "./Menu.module.css";

/** A menu behind a button. */
export function Menu({
  trigger,
  defaultOpen = false,
  children,
}: {
  trigger: ReactElement;
  defaultOpen?: boolean;
  children: ReactNode;
}) {
  return (
    <Headless.Root defaultOpen={defaultOpen}>
      <Headless.Trigger render={trigger} />
      <Headless.Portal>
        <Headless.Positioner className={styles.positioner} sideOffset={4} align="end">
          <Headless.Popup className={styles.popup}>{children}</Headless.Popup>
        </Headless.Positioner>
      </Headless.Portal>
    </Headless.Root>
  );
}

/** Something to choose in it. */
export function MenuItem({ onChoose, children }: { onChoose: () => void; children: ReactNode }) {
  return (
    <Headless.Item className={styles.item} onClick={onChoose}>
      {children}
    </Headless.Item>
  );
}
