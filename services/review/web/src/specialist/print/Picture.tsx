import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Photo } from "../../gen/samspil/wound/v1/photo_pb";
import type { Visit } from "../../gen/samspil/wound/v1/visit_pb";
import { day, dayAndTime } from "../../i18n/format";
import styles from "./PrintSheet.module.css";

export interface PaperPicture {
  visit: Visit;
  photo: Photo;
  blob: Blob | undefined;
  failed: boolean;
}

/** A photo with its date. `onDrawn`: it is there, so that it will come on paper. */
export function Picture({
  picture: { visit, photo, blob, failed },
  onDrawn,
}: {
  picture: PaperPicture;
  onDrawn: (photo: string) => void;
}) {
  const { t } = useTranslation("print");
  const url = useObjectUrl(blob);
  return (
    <figure className={styles.picture}>
      {failed && <p className={styles.missing}>{t("missing")}</p>}
      {url && (
        <img
          src={url}
          alt={t("picture", { date: day(visit.visitTime) })}
          onLoad={(event) =>
            event.currentTarget.decode().then(
              () => onDrawn(photo.name),
              // Not drawn: the button goes on waiting, and the count says so.
              () => undefined,
            )
          }
        />
      )}
      <figcaption>
        {t("picture", { date: day(visit.visitTime) })}, {t("taken", { time: dayAndTime(photo.captureTime) })}
      </figcaption>
    </figure>
  );
}

function useObjectUrl(blob: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!blob) return setUrl(undefined);
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}
