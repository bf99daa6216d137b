import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { pages } from "../../api/names";
import { Page } from "../../app/Page";
import { keepForGood } from "../../session/room";
import { Button } from "../../ui/Button";
import { Failure, Notice } from "../../ui/Notice";
import { Waiting } from "../../ui/Waiting";
import { beginWithTaken } from "../follow/along";
import { useKeeper } from "./useKeeper";
import { VisitForm } from "./VisitForm";

/** A visit while the nurse is there. */
export function Component() {
  const { t, i18n } = useTranslation(["visit", "app"]);
  const navigate = useNavigate();
  const { patient = "", wound: woundId = "" } = useParams();
  const [search] = useSearchParams();
  const wound = `patients/${patient}/wounds/${woundId}`;
  const more = search.get("more");
  const [keeper, now] = useKeeper(wound, more ? `${wound}/assessments/${more}` : undefined);
  useEffect(() => {
    void keepForGood();
    // Where the visit ends, there may be no network to fetch the page from.
    void import("../outbox/OutboxPage");
    void i18n.loadNamespaces("outbox");
  }, [i18n]);
  useEffect(() => {
    void beginWithTaken(wound);
  }, [wound]);

  switch (now.state) {
    case "opening":
      return <Waiting />;
    case "failed":
      return <Failure error={now.error} />;
    case "gone":
      return null;
    case "elsewhere":
      return (
        <Page title={t("title")} narrow>
          <Notice
            kind="warn"
            action={<Button onClick={() => keeper.takeOver()}>{t("elsewhere.here")}</Button>}
          >
            {t("elsewhere.text")}
          </Notice>
        </Page>
      );
    case "open":
      return (
        <VisitForm
          wound={wound}
          keeper={keeper}
          now={now}
          onSent={() => navigate(pages.outbox, { replace: true })}
          onDiscarded={() => navigate(pages.patient(wound), { replace: true })}
        />
      );
  }
}
