/** A viewer of one photo, in the terms of this page: places of the photo, pixels of the screen, degrees. */
import OpenSeadragon from "openseadragon";
import { idOf } from "../../api/names";
import { middle, type Size, type Spot, toPhoto, type View } from "./geometry";
import { firstDetailLevel, wantsDetail } from "./pyramid";
import { PhotoTiles, PictureSource } from "./sources";

const ZOOM_STEP = 1.3;

export class Lens {
  readonly size: Size;
  /** Told when a person takes hold of this very viewer. */
  onHeld?: () => void;
  /** Told when a tile could not be had. */
  onNoTiles?: (error: unknown) => void;
  readonly #photo: string;
  readonly #viewer: OpenSeadragon.Viewer;
  readonly #watchers = new Set<() => void>();
  readonly #takers = new Set<(spot: Spot) => void>();
  #layers = 0;
  /** The whole photo is shown, and stays so when there is more room or less. */
  #fitted = true;
  #gone = false;
  #tiles: "unasked" | "asked" | "given up" = "unasked";

  constructor(host: HTMLElement, photo: string, size: Size) {
    this.size = size;
    this.#photo = photo;
    withoutStyleOfItsOwn();
    this.#viewer = OpenSeadragon({
      element: host,
      // A WebGL context for each photo holds a slow phone up for a third of a second, twice.
      drawer: "canvas",
      // The keys are this page's own, and held by what is around.
      keyboardNavEnabled: false,
      tabIndex: -1,
      showNavigationControl: false,
      visibilityRatio: 0.2,
      minZoomImageRatio: 0.4,
      maxZoomPixelRatio: 10,
      zoomPerScroll: 1.2,
      animationTime: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 0.4,
      springStiffness: 10,
      preserveImageSizeOnResize: true,
      maxImageCacheCount: 300,
      imageLoaderLimit: 6,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
      gestureSettingsTouch: { pinchRotate: true, dblClickToZoom: true, flickEnabled: false },
      gestureSettingsPen: { clickToZoom: false, dblClickToZoom: true },
    });
    this.#listen();
  }

  /** Shows a picture of the photo over what is shown already. */
  showPicture(key: string, blob: Blob): void {
    this.#add(new PictureSource(`${idOf(this.#photo)}/${key}`, this.size, blob));
  }

  /** No tiles are to be had: something else shows the detail. */
  giveUpTiles(): void {
    this.#tiles = "given up";
    const { world } = this.#viewer;
    for (let index = world.getItemCount() - 1; index >= 0; index--) {
      const item = world.getItemAt(index);
      if (item.source instanceof PhotoTiles) world.removeItem(item);
    }
  }

  /** Tells whenever what is shown moves. Gives the way to stop it. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Tells each place of the photo that is clicked. While somebody wants them, a double click does not zoom. */
  onPlace(taker: (spot: Spot) => void): () => void {
    this.#takers.add(taker);
    return () => this.#takers.delete(taker);
  }

  get screen(): Size {
    const { x, y } = this.#viewer.viewport.getContainerSize();
    return { width: x, height: y };
  }

  /** What is on the screen now, or where it is moving to. */
  view(current = true): View {
    const { viewport } = this.#viewer;
    const { x, y } = viewport.getCenter(current);
    return {
      centre: { x: x * this.size.width, y: y * this.size.width },
      zoom: (viewport.getZoom(current) * this.screen.width) / this.size.width,
      turn: viewport.getRotation(current),
    };
  }

  show({ centre, zoom, turn }: View, immediately: boolean): void {
    const { viewport } = this.#viewer;
    this.#fitted = false;
    const { width } = this.size;
    viewport.setRotation(turn, immediately);
    viewport.zoomTo((zoom * width) / this.screen.width, undefined, immediately);
    viewport.panTo(new OpenSeadragon.Point(centre.x / width, centre.y / width), immediately);
  }

  /** The whole photo upright. */
  fit(immediately = false): void {
    const { width, height } = this.screen;
    const zoom = Math.min(width / this.size.width, height / this.size.height);
    this.show({ centre: middle(this.size), zoom, turn: 0 }, immediately);
    this.#fitted = true;
  }

  zoomBy(steps: number): void {
    this.#held();
    this.#viewer.viewport.zoomBy(ZOOM_STEP ** steps).applyConstraints();
  }

  /** Shows what lies this way on the screen, in shares of it. */
  panBy(right: number, down: number): void {
    this.#held();
    const { viewport } = this.#viewer;
    const { width, height } = this.screen;
    const way = new OpenSeadragon.Point(right * width, down * height);
    viewport.panBy(viewport.deltaPointsFromPixels(way)).applyConstraints();
  }

  turnTo(degrees: number): void {
    this.#held();
    this.#viewer.viewport.setRotation(degrees);
  }

  /** It shows nothing any more, and must not be asked. */
  get gone(): boolean {
    return this.#gone;
  }

  destroy(): void {
    this.#gone = true;
    this.#viewer.destroy();
  }

  #listen(): void {
    const viewer = this.#viewer;
    viewer.addHandler("viewport-change", () => this.#moved());
    // The viewer goes on with its own idea of the new size once its listeners have been told.
    viewer.addHandler("after-resize", () => queueMicrotask(() => this.#resized()));
    for (const held of ["canvas-drag", "canvas-scroll", "canvas-pinch", "canvas-double-click"] as const)
      viewer.addHandler(held, () => this.#held());
    viewer.addHandler("canvas-click", (event) => {
      const spot = toPhoto(this.view(), this.screen, event.position);
      if (event.quick && isOn(spot, this.size)) for (const take of this.#takers) take(spot);
    });
    viewer.addHandler("canvas-double-click", (event) => {
      if (this.#takers.size > 0) event.preventDefaultAction = true;
    });
  }

  #held(): void {
    this.#fitted = false;
    this.onHeld?.();
  }

  #resized(): void {
    if (this.#gone) return;
    if (this.#fitted) this.fit(true);
    this.#moved();
  }

  #moved(): void {
    if (this.#layers === 0) return;
    this.#askForTiles();
    for (const watcher of this.#watchers) watcher();
  }

  /** Tiles are asked for only once the display picture is not fine enough for the screen. */
  #askForTiles(): void {
    const level = firstDetailLevel(this.size);
    if (this.#tiles !== "unasked" || level === undefined) return;
    if (!wantsDetail(this.size, this.view(false).zoom, devicePixelRatio)) return;
    this.#tiles = "asked";
    const tiles = new PhotoTiles(this.#photo, this.size, level);
    tiles.onFail = (error) => this.#tiles === "asked" && this.onNoTiles?.(error);
    this.#add(tiles);
  }

  #add(tileSource: OpenSeadragon.TileSource): void {
    const first = this.#layers++ === 0;
    this.#viewer.addTiledImage({
      tileSource,
      width: 1,
      success: () => {
        if (!first) return;
        this.fit(true);
        this.#moved();
      },
    } as never);
  }
}

function isOn({ x, y }: Spot, { width, height }: Size): boolean {
  return x >= 0 && y >= 0 && x <= width && y <= height;
}

/**
 * The viewer puts a style element into the page, which the page's policy forbids. It does not where it finds its own: this one is
 * no style element of HTML's and says nothing.
 */
function withoutStyleOfItsOwn(): void {
  if (document.querySelector("style[data-openseadragon-mobile-css]")) return;
  const found = document.createElementNS("urn:samspil:none", "style");
  found.setAttribute("data-openseadragon-mobile-css", "true");
  document.head.append(found);
}
