import { expect, test } from "vitest";
import { eachOnce } from "../src/nurse/outbox/record";

test("what is wrong with several photos is said once", () => {
  const warning = (code: string) => ({ code, adviceDa: `${code} da`, adviceEn: `${code} en` });
  const all = [warning("TILTED"), warning("BLURRED"), warning("TILTED")];
  expect(eachOnce(all).map(({ code }) => code)).toEqual(["TILTED", "BLURRED"]);
  expect(eachOnce([])).toEqual([]);
});
