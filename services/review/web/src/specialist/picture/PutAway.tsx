import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { drawings } from "./drawings";

/** A drawing that was put away, which may still be wanted. */
export function PutAway({ photo }: { photo: string }) {
  const { t } = useTranslation("picture");
  return (
    <Notice
      kind="info"
      action={
        <>
          <Button small kind="quiet" onClick={() => drawings.done(photo)}>
            {t("draw.discard")}
          </Button>
          <Button small onClick={() => drawings.putAway(photo, false)}>
            {t("draw.takeBack")}
          </Button>
        </>
      }
    >
      {t("draw.putAway")}
    </Notice>
  );
}
