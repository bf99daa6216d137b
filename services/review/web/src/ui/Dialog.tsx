import { lazy, Suspense, useState } from "react";
import type { DialogProps } from "./DialogBox";

const DialogBox = lazy(() => import("./DialogBox"));

/** A dialog over the page. What makes one is no part of a first view: it is loaded when the first is opened. */
export function Dialog(props: DialogProps) {
  const [wanted, setWanted] = useState(false);
  if (props.open && !wanted) setWanted(true);
  if (!wanted) return null;
  return (
    <Suspense>
      <DialogBox {...props} />
    </Suspense>
  );
}
