import { expect, test } from "vitest";
import { eachOnce } from "../src/nurse/outbox/record";

test("what is wrong with several photos is said once", () => {
  const warning = (code: string) => ({ code, adviceDa: `${code} da`, adviceEn: `${code} en` });
  const all = [warning("NO_MARKER"), warning("BLURRED"), warning("NO_MARKER")];
  expect(eachOnce(all).map(({ code }) => code)).toEqual(["NO_MARKER", "BLURRED"]);
  expect(eachOnce([])).toEqual([]);
});
