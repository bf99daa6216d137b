import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { PhotoState } from "../src/gen/samspil/wound/v1/photo_pb";
import { VisitSchema } from "../src/gen/samspil/wound/v1/visit_pb";
import { photos, pieces } from "../src/specialist/print/choice";

const { STORED, REFUSED, WITHDRAWN } = PhotoState;
const visit = (name: string, ...states: PhotoState[]) =>
  create(VisitSchema, { name, photos: states.map((state, i) => ({ name: `${name}${i}`, state })) });
const visits = [visit("b", STORED, STORED, REFUSED), visit("a", WITHDRAWN), visit("c", STORED)];
const names = (pictures: "one" | "all" | "none") => photos(visits, pictures).map(({ photo }) => photo.name);

test("only stored photos come on paper: all, the last of each visit, or none", () => {
  expect(names("all")).toEqual(["b0", "b1", "c0"]);
  expect(names("one")).toEqual(["b1", "c0"]);
  expect(names("none")).toEqual([]);
});

test("visits are cut into pieces as wide as a sheet", () => {
  expect(pieces([1, 2, 3, 4, 5], 4)).toEqual([[1, 2, 3, 4], [5]]);
  expect(pieces([], 4)).toEqual([]);
});
