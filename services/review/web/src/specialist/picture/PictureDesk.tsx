import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "../../api/queries";
import type { Outline } from "../../gen/samspil/wound/v1/outline_pb";
import { PhotoState, Rendition } from "../../gen/samspil/wound/v1/photo_pb";
import type { Visit } from "../../gen/samspil/wound/v1/visit_pb";
import type { Wound } from "../../gen/samspil/wound/v1/wound_pb";
import { day } from "../../i18n/format";
import { Failure } from "../../ui/Notice";
import styles from "./PictureDesk.module.css";

/** The newest photo, to look at. */
export function PictureDesk({ visits }: { wound: Wound; visits: Visit[]; outlines: Outline[] }) {
  const { t } = useTranslation("case");
  const visit = visits.find((one) => one.photos.some((photo) => photo.state === PhotoState.STORED));
  const photo = visit?.photos.find((one) => one.state === PhotoState.STORED);
  const picture = useQuery({
    ...queries.picture(photo?.name ?? "", Rendition.DISPLAY),
    enabled: photo !== undefined,
  });
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!picture.data) return;
    const made = URL.createObjectURL(picture.data);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [picture.data]);
  return (
    <div className={styles.desk}>
      <Failure error={picture.error} onRetry={picture.refetch} />
      {!photo && <p>{t("pictures.none")}</p>}
      {url && <img src={url} alt={t("pictures.newest", { date: day(visit?.visitTime) })} />}
    </div>
  );
}
