import { useState } from "react";
import { Button } from "../../ui/Button";
import { Failure } from "../../ui/Notice";
import styles from "./Outlines.module.css";

interface AskFirstProps {
  /** The act, and what it is called for those who do not see beside what it stands. */
  act: string;
  label?: string;
  /** The question, and the way back. */
  sure: string;
  keep: string;
  busy: boolean;
  error?: unknown;
  onAct: () => void;
}

/** A button that asks first, in place, before something is gone from sight. */
export function AskFirst({ act, label, sure, keep, busy, error, onAct }: AskFirstProps) {
  const [asking, setAsking] = useState<boolean>();
  if (!asking)
    return (
      <Button
        small
        kind="quiet"
        aria-label={label}
        autoFocus={asking === false}
        onClick={() => setAsking(true)}
      >
        {act}
      </Button>
    );
  return (
    <fieldset className={styles.ask}>
      <legend>{sure}</legend>
      <Button small autoFocus onClick={() => setAsking(false)}>
        {keep}
      </Button>
      <Button small kind="danger" busy={busy} onClick={onAct}>
        {act}
      </Button>
      <Failure error={error} />
    </fieldset>
  );
}
