import { expect, test } from "vitest";
import { look, MOST_BYTES } from "../src/nurse/camera/files";

const blob = (...parts: (string | number[])[]) =>
  new Blob(parts.map((part) => (typeof part === "string" ? part : Uint8Array.from(part))));

test.each([
  ["a JPEG", blob([0xff, 0xd8, 0xff, 0xe0], "rest"), { type: "image/jpeg" }],
  ["a PNG", blob([0x89], "PNG\r\n", [0x1a], "\n", "rest"), { type: "image/png" }],
  ["a WebP", blob("RIFF", [0, 0, 0, 0], "WEBPVP8 "), { type: "image/webp" }],
  ["a HEIC, whatever its name says", blob([0, 0, 0, 24], "ftypheic", [0, 0, 0, 0]), { bad: "heic" }],
  ["an AVIF", blob([0, 0, 0, 24], "ftypavif", [0, 0, 0, 0]), { bad: "heic" }],
  ["nothing", blob(), { bad: "empty" }],
  ["a few bytes", blob([0xff]), { bad: "noImage" }],
  ["a PDF", blob("%PDF-1.7 and so on and on"), { bad: "noImage" }],
  ["a film", blob([0, 0, 0, 24], "ftypmp42", [0, 0, 0, 0]), { bad: "noImage" }],
])("%s", async (_, file, found) => {
  expect(await look(file)).toEqual(found);
});

test("a photo of 40 MiB is taken and one byte more is not", async () => {
  const head = [0xff, 0xd8, 0xff];
  const rest = new Uint8Array(MOST_BYTES - head.length);
  expect(await look(new Blob([Uint8Array.from(head), rest]))).toEqual({ type: "image/jpeg" });
  expect(await look(new Blob([Uint8Array.from(head), rest, "x"]))).toEqual({ bad: "tooLarge" });
});
