/** Looks for a card beside the page, which stays quick on a slow phone. */
import { findCard } from "./find";

addEventListener("message", ({ data }: MessageEvent<ImageData>) => postMessage(findCard(data)));
