/** Where the viewer gets its pixels: from memory and from the services, never from a cache of the browser's. */
import OpenSeadragon from "openseadragon";
import { isCanceled } from "../../api/errors";
import { idOf } from "../../api/names";
import { wounds } from "../../api/wounds";
import type { Size } from "./geometry";
import { TILE_PX, topLevel } from "./pyramid";

/** A job of the viewer's, as far as it is used here. The published types leave some of it open. */
interface Job {
  tile: { level: number; x: number; y: number };
  userData: { stop?: AbortController };
  finish(data: ImageBitmap, request: null, type: "imageBitmap"): void;
  fail(message: string, request: null): void;
}

/**
 * Pictures come as bitmaps: decoded here, so that the colour profile counts, off the main thread, and without addresses of blobs
 * that would have to be given back.
 */
abstract class Source extends OpenSeadragon.TileSource {
  /** The bytes of a tile. */
  abstract load(tile: Job["tile"], signal: AbortSignal): Promise<Blob>;

  /** Hears of a tile that could not be had. */
  onFail?: (error: unknown) => void;

  override downloadTileStart(job: unknown): void {
    const { tile, userData, finish, fail } = bound(job as Job);
    const stop = new AbortController();
    userData.stop = stop;
    this.load(tile, stop.signal)
      .then((blob) => createImageBitmap(blob))
      .then((bitmap) => (stop.signal.aborted ? bitmap.close() : finish(bitmap, null, "imageBitmap")))
      .catch((error) => {
        if (stop.signal.aborted || isCanceled(error)) return;
        fail("the tile could not be had", null);
        this.onFail?.(error);
      });
  }

  override downloadTileAbort(job: unknown): void {
    (job as Job).userData.stop?.abort();
  }

  override equals(other: OpenSeadragon.TileSource): boolean {
    return this === other;
  }
}

/** One picture that is here already, shown as large as the photo is, whatever its own size. */
export class PictureSource extends Source {
  readonly #blob: Blob;
  readonly #key: string;

  constructor(key: string, size: Size, blob: Blob) {
    super({ ...size, tileSize: Math.max(size.width, size.height), tileOverlap: 0, ...only(topLevel(size)) });
    this.#blob = blob;
    this.#key = key;
  }

  override getTileUrl(): string {
    return this.#key;
  }

  override async load(): Promise<Blob> {
    return this.#blob;
  }
}

/** The Deep Zoom tiles of a photo, from a level on. */
export class PhotoTiles extends Source {
  readonly #photo: string;

  constructor(photo: string, size: Size, minLevel: number) {
    super({ ...size, tileSize: TILE_PX, tileOverlap: 0, minLevel, maxLevel: topLevel(size) });
    this.#photo = photo;
  }

  override getTileUrl(level: number, column: number, row: number): string {
    return `${idOf(this.#photo)}/${level}/${column}_${row}`;
  }

  override async load({ level, x, y }: Job["tile"], signal: AbortSignal): Promise<Blob> {
    const wanted = { name: this.#photo, level, column: x, row: y };
    const { data, contentType } = await wounds.getPhotoTile(wanted, { signal });
    return new Blob([Uint8Array.from(data)], { type: contentType });
  }
}

function only(level: number): { minLevel: number; maxLevel: number } {
  return { minLevel: level, maxLevel: level };
}

function bound(job: Job): Job {
  return {
    tile: job.tile,
    userData: job.userData,
    finish: (...told) => job.finish(...told),
    fail: (...told) => job.fail(...told),
  };
}
