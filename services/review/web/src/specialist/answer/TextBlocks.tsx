import { Combobox } from "@base-ui/react/combobox";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { textBlocks } from "../../api/review";
import type { TextBlock, TextBlockPlace } from "../../gen/samspil/review/v1/review_service_pb";
import { Button } from "../../ui/Button";
import { Failure } from "../../ui/Notice";
import { OwnBlocks } from "./OwnBlocks";
import styles from "./Picker.module.css";

interface TextBlocksProps {
  place: TextBlockPlace.FINDINGS | TextBlockPlace.PLAN | TextBlockPlace.MORE;
  /** What stands in the field now, to make a block of. */
  text: string;
  onInsert: (block: TextBlock) => void;
}

/** Texts that are used again and again, to be put in. */
export function TextBlocks({ place, text, onInsert }: TextBlocksProps) {
  const { t } = useTranslation(["answer"]);
  const { data = [], error, refetch } = useQuery(textBlocks());
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const [managing, setManaging] = useState(false);
  const blocks = data.filter((block) => block.place === place);
  const wanted = query.toLowerCase();
  const shown = blocks.filter((block) => `${block.label} ${block.text}`.toLowerCase().includes(wanted));
  return (
    <>
      <Combobox.Root<TextBlock>
        items={shown}
        filter={null}
        autoHighlight
        open={open}
        onOpenChange={setOpen}
        value={null}
        itemToStringLabel={(block) => block.label}
        inputValue={query}
        onInputValueChange={setQuery}
        onValueChange={(block) => {
          if (block) onInsert(block);
          setQuery("");
        }}
      >
        <Combobox.Trigger render={<Button small kind="quiet" />} aria-label={t(`blocks.into.${place}`)}>
          {t("blocks.insert")}
        </Combobox.Trigger>
        <Combobox.Portal>
          <Combobox.Positioner className={styles.positioner} sideOffset={4} align="end">
            <Combobox.Popup className={styles.popup} aria-label={t("blocks.insert")}>
              <div className={styles.search}>
                <Combobox.Input placeholder={t("blocks.search")} aria-label={t("blocks.search")} />
              </div>
              <div className={styles.list}>
                <Failure error={error} onRetry={() => refetch()} />
                <Combobox.Empty className={styles.empty}>{!error && t("blocks.none")}</Combobox.Empty>
                <Combobox.List>
                  {(block: TextBlock) => (
                    <Combobox.Item key={block.name} value={block} className={styles.item}>
                      <span>{block.label}</span>
                      <small>{block.text}</small>
                    </Combobox.Item>
                  )}
                </Combobox.List>
              </div>
              <div className={styles.foot}>
                <Button
                  small
                  kind="quiet"
                  onClick={() => {
                    setOpen(false);
                    setManaging(true);
                  }}
                >
                  {t("blocks.manage")}
                </Button>
              </div>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
      {managing && <OwnBlocks place={place} blocks={blocks} text={text} onClose={() => setManaging(false)} />}
    </>
  );
}
