import { describe, expect, test } from "vitest";
import { readPersonNumber } from "../../src/nurse/find/personNumber";

describe("a person number", () => {
  test.each([
    ["2512489996", "2512489996"],
    ["251248-9996", "2512489996"],
    [" 251248-9996 ", "2512489996"],
    ["070392-1vj4", "0703921VJ4"],
    ["1206550VK9", "1206550VK9"],
    ["0101107AA1", "0101107AA1"],
    ["6101450001", "6101450001"],
    ["9112450001", "9112450001"],
    ["2902044000", "2902044000"],
    ["2902004000", "2902004000"],
    ["2902931VJ4", "2902931VJ4"],
  ])("%s is one", (typed, number) => {
    expect(readPersonNumber(typed)).toEqual({ number });
  });

  test.each([
    ["", "empty"],
    ["  ", "empty"],
    ["0101450", "short"],
    ["010145-000", "short"],
    ["01014500000", "long"],
    ["0101-450000", "hyphen"],
    ["010145--000", "hyphen"],
    ["010145 0000", "characters"],
    ["010145000A", "characters"],
    ["0101452VJ4", "characters"],
    ["0101451V44", "characters"],
    ["0101451VÆ1", "characters"],
    ["0101451VJX", "characters"],
    ["A101451VJ4", "characters"],
    ["０101450000", "characters"],
    ["2902000000", "date"],
    ["2902054000", "date"],
    ["3104450000", "date"],
    ["0113450000", "date"],
    ["0100450000", "date"],
    ["6001450001", "date"],
    ["9212450001", "date"],
    ["3002921VJ4", "date"],
    ["6103921VJ4", "date"],
  ])("%s is none: %s", (typed, fault) => {
    expect(readPersonNumber(typed)).toEqual({ fault });
  });
});
