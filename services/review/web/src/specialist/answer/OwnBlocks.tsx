import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { problem } from "../../api/errors";
import { Intention } from "../../api/intention";
import { review, textBlocks } from "../../api/review";
import type { TextBlock, TextBlockPlace } from "../../gen/samspil/review/v1/review_service_pb";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextArea, TextField } from "../../ui/Field";
import { Failure } from "../../ui/Notice";
import styles from "./Answer.module.css";

type NewBlock = { textBlock: { place: TextBlockPlace; label: string; text: string } };

interface OwnBlocksProps {
  place: TextBlockPlace;
  blocks: readonly TextBlock[];
  text: string;
  onClose: () => void;
}

/** The organisation's own text blocks for a place: add one, delete one. */
export function OwnBlocks({ place, blocks, text: initial, onClose }: OwnBlocksProps) {
  const { t } = useTranslation(["answer", "app"]);
  const client = useQueryClient();
  const changed = () => client.invalidateQueries(textBlocks());
  const [label, setLabel] = useState("");
  const [text, setText] = useState(initial);
  const adding = useRef(new Intention<NewBlock>());
  const deleting = useRef(new Intention<{ name: string }>());
  const add = useMutation({
    mutationFn: () => {
      const textBlock = { place, label: label.trim(), text: text.trim() };
      const wanted = JSON.stringify(textBlock);
      return adding.current.send(
        wanted,
        () => ({ textBlock }),
        (request) => review.createTextBlock(request),
      );
    },
    onSuccess: () => {
      setLabel("");
      setText("");
      return changed();
    },
  });
  const remove = useMutation({
    mutationFn: (name: string) =>
      deleting.current.send(
        name,
        () => ({ name }),
        (request) => review.deleteTextBlock(request),
      ),
    onSettled: changed,
  });
  const fields = add.error ? problem(add.error).fields : {};
  const own = blocks.filter((block) => !block.standard);
  const ready = label.trim() !== "" && text.trim() !== "";
  return (
    <Dialog
      open
      title={t("blocks.title")}
      onClose={onClose}
      actions={<Button onClick={onClose}>{t("app:close")}</Button>}
    >
      {own.length === 0 && <p>{t("blocks.noOwn")}</p>}
      <ul className={styles.blocks}>
        {own.map((block) => (
          <li key={block.name}>
            <span>
              <strong>{block.label}</strong> {block.text}
            </span>
            <Button
              small
              busy={remove.isPending}
              aria-label={t("blocks.delete", { label: block.label })}
              onClick={() => remove.mutate(block.name)}
            >
              {t("blocks.deleteShort")}
            </Button>
          </li>
        ))}
      </ul>
      <Failure error={remove.error} />
      <h3>{t("blocks.add")}</h3>
      <TextField
        label={t("blocks.label")}
        value={label}
        maxLength={100}
        error={fields["text_block.label"]}
        onChange={(event) => setLabel(event.target.value)}
      />
      <TextArea
        label={t("blocks.text")}
        value={text}
        maxLength={4000}
        error={fields["text_block.text"]}
        hint={t("blocks.nobody")}
        onChange={(event) => setText(event.target.value)}
      />
      <Failure error={add.error} onRetry={() => add.mutate()} />
      <Button kind="primary" busy={add.isPending || !ready} onClick={() => add.mutate()}>
        {t("blocks.save")}
      </Button>
    </Dialog>
  );
}
