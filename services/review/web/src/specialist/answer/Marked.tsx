import { useTranslation } from "react-i18next";
import styles from "./Answer.module.css";
import { diffWords, type Piece } from "./diff";

/** A text with what is new in it and what is gone marked, for eyes and ears. */
export function Marked({ before, after }: { before: string | undefined; after: string }) {
  if (before === undefined || before === after) return after;
  return <Pieces pieces={diffWords(before, after)} />;
}

export function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  return pieces.map((piece, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces never move
    <OnePiece key={at} piece={piece} />
  ));
}

export function OnePiece({ piece }: { piece: Piece }) {
  const { t } = useTranslation(["answer"]);
  if (piece.kind === "same") return piece.text;
  const Tag = piece.kind === "new" ? "ins" : "del";
  return (
    <Tag className={styles[piece.kind]}>
      <span className="hidden-visually">{t(`diff.${piece.kind}`)} </span>
      {piece.text}
    </Tag>
  );
}
