import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { isFull } from "../../session/room";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Notice } from "../../ui/Notice";
import { FilePick } from "../camera/FilePick";
import type { BadFile } from "../camera/files";
import type { Fault } from "../camera/measure";
import type { Taken } from "../camera/photo";
import { judge } from "../camera/still";
import { hasCamera } from "../camera/stream";
import { Thumb } from "../camera/Thumb";
import type { PhotoRecord } from "../outbox/record";
import type { Keeper } from "./keeper";
import styles from "./Photos.module.css";

const Camera = lazy(() => import("../camera/Camera"));

type Trouble = BadFile | "undecodable" | "double" | "full" | "unsealed";

/** By the contract. */
const MOST_PHOTOS = 50;

/** The photos of the visit: taken here, or with the phone's own camera. */
export function Photos({ keeper, photos }: { keeper: Keeper; photos: PhotoRecord[] }) {
  const { t } = useTranslation("visit");
  const [aiming, setAiming] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>();
  const [removing, setRemoving] = useState<PhotoRecord>();

  const keep = async (taken: Taken) => {
    setAiming(false);
    setBusy(true);
    setTrouble(undefined);
    try {
      if (!(await keeper.addPhoto(taken))) setTrouble("double");
    } catch (error) {
      setTrouble(isFull(error) ? "full" : "unsealed");
    } finally {
      setBusy(false);
    }
  };
  const pick = async (file: File) => {
    setTrouble(undefined);
    const judged = await judge(file, capturedAt(file));
    if ("bad" in judged) setTrouble(judged.bad);
    else await keep(judged.taken);
  };
  const remove = (photo: PhotoRecord) => {
    setRemoving(undefined);
    keeper.removePhoto(photo.id).catch(() => setTrouble("unsealed"));
  };

  return (
    <div className={styles.photos}>
      {photos.length > 0 && (
        <ul className={styles.list}>
          {photos.map((photo, index) => (
            <li key={photo.id} className={styles.photo}>
              <Thumb photo={photo} label={t("photos.one", { number: index + 1 })} />
              <Faults codes={photo.known} />
              <Button small onClick={() => setRemoving(photo)}>
                {t("photos.remove")}
                <span className="hidden-visually"> {t("photos.one", { number: index + 1 })}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      {trouble && <Notice kind="bad">{t(`badFile.${trouble}`)}</Notice>}
      {busy && <p role="status">{t("photos.sealing")}</p>}
      {photos.length < MOST_PHOTOS && (
        <div className={styles.ways}>
          {hasCamera() ? (
            <Button kind="primary" wide onClick={() => setAiming(true)}>
              {photos.length === 0 ? t("photos.take") : t("photos.takeMore")}
            </Button>
          ) : (
            <FilePick capture onPick={pick}>
              {t("photos.take")}
            </FilePick>
          )}
          <FilePick onPick={pick}>{t("photos.pick")}</FilePick>
        </div>
      )}
      {aiming && (
        <Suspense>
          <Camera onKeep={keep} onClose={() => setAiming(false)} />
        </Suspense>
      )}
      <Dialog
        open={removing !== undefined}
        title={t("photos.removeTitle")}
        onClose={() => setRemoving(undefined)}
        actions={
          <>
            <Button onClick={() => setRemoving(undefined)}>{t("photos.keep")}</Button>
            <Button kind="danger" onClick={() => removing && remove(removing)}>
              {t("photos.remove")}
            </Button>
          </>
        }
      >
        <p>{t("photos.removeText")}</p>
      </Dialog>
    </div>
  );
}

/** What the nurse was told about it when she kept it. */
function Faults({ codes }: { codes: string[] }) {
  const { t } = useTranslation("visit");
  if (codes.length === 0) return null;
  return <p className={styles.faults}>{codes.map((code) => t(`short.${code as Fault}`)).join(", ")}</p>;
}

/** The phone writes down when it took a photo, even if it is picked later. */
function capturedAt(file: File): Date {
  const now = Date.now();
  return new Date(file.lastModified > 0 && file.lastModified < now ? file.lastModified : now);
}
