import { type ReactNode, useEffect, useState } from "react";
import { review } from "../api/review";
import type { Person, Role } from "../session/session";
import { vault } from "../session/vault";
import { Failure } from "../ui/Notice";
import { Waiting } from "../ui/Waiting";

/** Who records something here, so that something may have to wait in the device. Nobody else has a key. */
const keepers: readonly Role[] = ["nurse", "specialist", "gp", "coordinator"];

/** Shows a page once what waits in this device can be read and written. */
export function Unlocked({ person, children }: { person: Person; children: ReactNode }) {
  return keepers.includes(person.role) ? <Opening person={person}>{children}</Opening> : children;
}

function Opening({ person, children }: { person: Person; children: ReactNode }) {
  const [error, setError] = useState<unknown>();
  const [open, setOpen] = useState(vault.isOpen());
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt tries again
  useEffect(() => {
    let wanted = true;
    vault
      .unlock(person.id, async () => (await review.getDeviceKey({})).key)
      .then(
        () => wanted && setOpen(true),
        (reason) => wanted && setError(reason),
      );
    return () => {
      wanted = false;
    };
  }, [person.id, attempt]);
  if (error) {
    const again = () => {
      setError(undefined);
      setAttempt((n) => n + 1);
    };
    return <Failure error={error} onRetry={again} />;
  }
  return open ? children : <Waiting />;
}
