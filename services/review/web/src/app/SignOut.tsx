import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { session } from "../session/session";
import { vault } from "../session/vault";
import { waiting } from "../session/waiting";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { queryClient } from "./query";

/** Signing out: asks first when something has not been sent yet. */
export function SignOut({ open, onStay }: { open: boolean; onStay: () => void }) {
  const { t } = useTranslation();
  const [unsent, setUnsent] = useState<number>();
  useEffect(() => {
    if (!open) return setUnsent(undefined);
    waiting.count().then((count) => (count === 0 ? leave() : setUnsent(count)));
  }, [open]);
  return (
    <Dialog
      open={open && unsent !== undefined}
      title={t("leave.title", { count: unsent ?? 0 })}
      onClose={onStay}
      actions={
        <>
          <Button onClick={leave}>{t("leave.leave")}</Button>
          <Button kind="primary" onClick={onStay}>
            {t("leave.stay")}
          </Button>
        </>
      }
    >
      <p>{t("leave.text")}</p>
    </Dialog>
  );
}

async function leave(): Promise<void> {
  queryClient.clear();
  await vault.lock(waiting.kinds);
  await session.signOut();
}
