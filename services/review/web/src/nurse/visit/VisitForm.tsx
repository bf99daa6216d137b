import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "../../app/Page";
import { day } from "../../i18n/format";
import { isFull } from "../../session/room";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Notice } from "../../ui/Notice";
import { sender } from "../outbox/sender";
import { FindingsForm } from "./FindingsForm";
import { Finish } from "./Finish";
import type { FormRecord } from "./form";
import type { Keeper, Keeping } from "./keeper";
import { useKnown } from "./known";
import { More } from "./More";
import { Photos } from "./Photos";
import { Question } from "./Question";
import { Section } from "./Section";
import styles from "./VisitForm.module.css";
import { VisitTime } from "./VisitTime";

/** Everything about the visit on one page, sealed at every change. */
export function VisitForm({
  wound,
  keeper,
  now,
  onSent,
  onDiscarded,
}: {
  wound: string;
  keeper: Keeper;
  now: Extract<Keeping, { state: "open" }>;
  onSent: () => void;
  onDiscarded: () => void;
}) {
  const { t } = useTranslation(["visit", "app"]);
  const [discarding, setDiscarding] = useState(false);
  const [trouble, setTrouble] = useState<unknown>();
  const { title, last, lost } = useKnown(wound);
  const { form } = now;
  const change = (part: Partial<FormRecord>) => keeper.set((old) => ({ ...old, ...part }));

  const finish = async () => {
    try {
      await keeper.finish(title, new Date());
      sender.wake();
      onSent();
    } catch (error) {
      setTrouble(error);
    }
  };
  const discard = async () => {
    await keeper.discard();
    onDiscarded();
  };
  const unsealed = trouble ?? now.trouble;

  return (
    <Page title={t("title")} narrow>
      <p className={styles.whose}>{title}</p>
      {last && <p className={styles.quiet}>{t("last.when", { day: day(last.at) })}</p>}
      {lost && <p className={styles.quiet}>{t("last.unknown")}</p>}
      {unsealed !== undefined && (
        <Notice kind="bad">{isFull(unsealed) ? t("save.full") : t("save.failed")}</Notice>
      )}
      {now.cut > 0 && <Notice kind="warn">{t("photos.cut", { count: now.cut })}</Notice>}
      {form.more && (
        <Section id="more" title={t("section.more")}>
          <More wound={wound} value={form.more} onChange={(more) => change({ more })} />
        </Section>
      )}
      <Section id="photos" title={t("section.photos")}>
        <Photos keeper={keeper} photos={form.photos} />
      </Section>
      <FindingsForm form={form} last={last} onChange={change} />
      {!form.more && (
        <Section id="question" title={t("section.question")}>
          <Question wound={wound} value={form.question} onChange={(question) => change({ question })} />
        </Section>
      )}
      <Section id="time" title={t("section.time")}>
        <VisitTime value={form.visitTime} onChange={(visitTime) => change({ visitTime })} />
        <Button kind="quiet" onClick={() => setDiscarding(true)}>
          {t("discard.button")}
        </Button>
      </Section>
      <Finish form={form} saved={now.saved} onFinish={finish} />
      <Dialog
        open={discarding}
        title={t("discard.title")}
        onClose={() => setDiscarding(false)}
        actions={
          <>
            <Button onClick={() => setDiscarding(false)}>{t("discard.keep")}</Button>
            <Button kind="danger" onClick={discard}>
              {t("discard.button")}
            </Button>
          </>
        }
      >
        <p>{t("discard.text")}</p>
      </Dialog>
    </Page>
  );
}
