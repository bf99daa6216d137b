/** The contract's codes in the page's language. */
import type { DescEnum } from "@bufbuild/protobuf";
import i18next from "i18next";

/** What a person reads for a value of an enum; nothing for the value that says nothing. */
export function term(schema: DescEnum, value: number): string {
  const name = schema.value[value]?.name;
  if (!name || value === 0) return "";
  return i18next.t(`terms:${name}` as never);
}

/** All values of an enum but the one that says nothing, for a list to choose from. */
export function choices<V extends number>(schema: DescEnum): { value: V; label: string }[] {
  return schema.values
    .filter((one) => one.number !== 0)
    .map((one) => ({ value: one.number as V, label: term(schema, one.number) }));
}
