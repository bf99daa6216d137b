import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import styles from "./Camera.module.css";
import { watchCard } from "./card/watch";
import { FilePick } from "./FilePick";
import { watchLive } from "./live";
import type { Fault } from "./measure";
import type { Taken } from "./photo";
import { Review } from "./Review";
import { closeCamera, openCamera, takeStill, torchOf } from "./stream";

/** The camera over the whole screen: aim, with a hint while aiming; look at it; keep it or take it again. */
export default function Camera({ onKeep, onClose }: { onKeep: (taken: Taken) => void; onClose: () => void }) {
  const { t } = useTranslation(["visit", "app"]);
  const dialog = useRef<HTMLDialogElement>(null);
  const [shot, setShot] = useState<{ blob: Blob; at: Date }>();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} className={styles.sheet} aria-label={t("camera.title")} onCancel={onClose}>
      {shot ? (
        <Review
          blob={shot.blob}
          at={shot.at}
          onKeep={onKeep}
          onAgain={() => setShot(undefined)}
          onClose={onClose}
        />
      ) : (
        <Aim onShot={(blob, at) => setShot({ blob, at })} onClose={onClose} />
      )}
    </dialog>
  );
}

function Aim({ onShot, onClose }: { onShot: (blob: Blob, at: Date) => void; onClose: () => void }) {
  const { t } = useTranslation(["visit", "app"]);
  const video = useRef<HTMLVideoElement>(null);
  const [stream, setStream] = useState<MediaStream>();
  const [failed, setFailed] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const [card, setCard] = useState<number>();
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    let wanted = true;
    const opening = openCamera();
    opening.then(
      (opened) => (wanted ? setStream(opened) : closeCamera(opened)),
      () => wanted && setFailed(true),
    );
    return () => {
      wanted = false;
      opening.then(closeCamera, () => undefined);
    };
  }, []);

  useEffect(() => {
    const shown = video.current;
    if (!stream || !shown) return;
    shown.srcObject = stream;
    const stops = [watchLive(shown, setFault), watchCard(shown, setCard)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [stream]);

  const shoot = async () => {
    if (!stream || !video.current) return;
    setBusy(true);
    const at = new Date();
    try {
      onShot(await takeStill(stream, video.current), at);
    } catch {
      setFailed(true);
    }
  };

  if (failed) {
    return (
      <div className={styles.instead}>
        <Notice kind="warn">{t("camera.failed")}</Notice>
        <FilePick capture onPick={(file) => onShot(file, new Date())}>
          {t("camera.phone")}
        </FilePick>
        <Button onClick={onClose}>{t("app:close")}</Button>
      </div>
    );
  }
  return (
    <div className={styles.aim}>
      <video ref={video} className={styles.video} autoPlay playsInline muted />
      <p className={styles.hint} role="status" data-fault={fault}>
        {stream ? t(`fault.${fault ?? "none"}`) : t("camera.starting")}
        {stream && (
          <small>{card === undefined ? t("camera.noCard") : t("camera.card", { number: card })}</small>
        )}
      </p>
      <div className={styles.bar}>
        <Button onClick={onClose}>{t("app:cancel")}</Button>
        <button
          type="button"
          className={styles.shutter}
          aria-label={t("camera.shoot")}
          aria-busy={busy}
          disabled={!stream || busy}
          onClick={shoot}
        />
        {stream ? <Torch stream={stream} /> : <span />}
      </div>
    </div>
  );
}

function Torch({ stream }: { stream: MediaStream }) {
  const { t } = useTranslation(["visit", "app"]);
  const [on, setOn] = useState(false);
  const light = torchOf(stream);
  if (!light) return <span />;
  return (
    <Button aria-pressed={on} onClick={() => light(!on).then(() => setOn(!on))}>
      {t("camera.light")}
    </Button>
  );
}
