/** Whether a file can be a photo at all, told at once instead of after the upload. The server looks closer. */

export type BadFile = "empty" | "tooLarge" | "heic" | "noImage";

/** By the contract. */
export const MOST_BYTES = 40 << 20;
/** The containers in which phones put HEIC and its kin. */
const HEIF_BRANDS = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis"];

const text = (bytes: Uint8Array, from: number, to: number) =>
  String.fromCharCode(...bytes.subarray(from, to));

/** The type that the bytes tell, or what is wrong. The file's name and what the browser thinks of it tell nothing. */
export async function look(file: Blob): Promise<{ type: string } | { bad: BadFile }> {
  if (file.size === 0) return { bad: "empty" };
  const head = new Uint8Array(await file.slice(0, 16).arrayBuffer());
  if (text(head, 4, 8) === "ftyp" && HEIF_BRANDS.includes(text(head, 8, 12))) return { bad: "heic" };
  const type = typeOf(head);
  if (!type) return { bad: "noImage" };
  return file.size > MOST_BYTES ? { bad: "tooLarge" } : { type };
}

function typeOf(head: Uint8Array): string | undefined {
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "image/jpeg";
  if (text(head, 0, 8) === "\x89PNG\r\n\x1a\n") return "image/png";
  if (text(head, 0, 4) === "RIFF" && text(head, 8, 12) === "WEBP") return "image/webp";
  return undefined;
}
