import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problem } from "../../api/errors";
import { woundOf } from "../../api/names";
import { queries } from "../../api/queries";
import { wounds } from "../../api/wounds";
import { OrganisationKind } from "../../gen/samspil/directory/v1/directory_pb";
import {
  type Assessment,
  AssessmentPriority,
  AssessmentPrioritySchema,
} from "../../gen/samspil/wound/v1/assessment_pb";
import { choices } from "../../i18n/terms";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Choice, TextArea } from "../../ui/Field";
import { Failure } from "../../ui/Notice";
import { useChange } from "../assessment/useChange";

interface SecondOpinionProps {
  assessment: Assessment;
  /** Kept by the desk, so that closing the dialog drops no word. */
  text: string;
  onText: (text: string) => void;
  onClose: () => void;
}

/** Asks another hospital's specialists. The case stays one's own, and its clock runs. */
export function SecondOpinion({ assessment, text, onText, onClose }: SecondOpinionProps) {
  const { t } = useTranslation(["answer", "app"]);
  const client = useQueryClient();
  const { data: organisations = [], error } = useQuery(queries.organisations());
  const [receiver, setReceiver] = useState<string>();
  const [priority, setPriority] = useState(AssessmentPriority.ROUTINE);
  const { name, etag } = assessment;
  const ask = useChange({
    name,
    make: (wanted: { receiver: string; question: string; priority: AssessmentPriority }) => ({
      name,
      etag,
      ...wanted,
    }),
    call: (request) => wounds.askSecondOpinion(request),
  });
  const hospitals = organisations.filter(
    (one) => one.kind === OrganisationKind.HOSPITAL && one.name !== assessment.receiver,
  );
  const send = () => {
    if (!receiver) return;
    ask.mutate(
      { receiver, question: text.trim(), priority },
      {
        onSuccess: () => {
          onText("");
          // The first one has changed too.
          client.invalidateQueries(queries.assessments(woundOf(name)));
          onClose();
        },
      },
    );
  };
  const fields = ask.error ? problem(ask.error).fields : {};
  return (
    <Dialog
      open
      title={t("second.title")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("app:cancel")}</Button>
          <Button kind="primary" busy={ask.isPending || !receiver || text.trim() === ""} onClick={send}>
            {t("second.send")}
          </Button>
        </>
      }
    >
      <p>{t("second.explain")}</p>
      <Failure error={error} />
      <Choice
        label={t("second.receiver")}
        empty={t("second.choose")}
        value={receiver}
        error={fields.receiver}
        options={hospitals.map((one) => ({ value: one.name, label: one.displayName }))}
        onChange={setReceiver}
      />
      <TextArea
        label={t("second.question")}
        value={text}
        maxLength={10_000}
        error={fields.question}
        onChange={(event) => onText(event.target.value)}
      />
      <Choice
        label={t("second.priority")}
        value={priority}
        options={choices<AssessmentPriority>(AssessmentPrioritySchema)}
        onChange={(chosen = AssessmentPriority.ROUTINE) => setPriority(chosen)}
      />
      <Failure error={ask.error} />
    </Dialog>
  );
}
