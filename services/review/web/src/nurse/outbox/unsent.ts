/** What a component sees of the outbox. Light: it is part of the frame around every page. */
import { useEffect, useState } from "react";
import { vault } from "../../session/vault";

/** Something that is read from the vault, anew at every change. Undefined until it is read. */
export function useVault<T>(read: () => Promise<T>): T | undefined {
  const [value, setValue] = useState<T>();
  useEffect(() => {
    let latest = 0;
    let wanted = true;
    const load = () => {
      const mine = ++latest;
      if (!vault.isOpen()) return setValue(undefined);
      // What is overtaken by a newer reading, or cannot be read since the vault was locked meanwhile, is of no interest.
      read().then(
        (found) => wanted && mine === latest && setValue(found),
        (error) => {
          if (wanted && vault.isOpen()) throw error;
        },
      );
    };
    load();
    const stop = vault.subscribe(load);
    return () => {
      wanted = false;
      stop();
    };
  }, [read]);
  return value;
}

const countVisits = async () => (await vault.ids("visit")).length;

/** How many finished visits have not arrived. */
export function useUnsent(): number {
  return useVault(countVisits) ?? 0;
}
