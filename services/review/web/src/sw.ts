/**
 * The page, kept in the device: it starts without a network. Only the built files are kept; what is about patients passes by untouched,
 * and so does the way to sign in.
 */
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  type PrecacheEntry,
  precacheAndRoute,
} from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: PrecacheEntry[] };

/** What the server answers itself, whatever the browser has. */
const SERVERS_OWN = [/^\/sign-in\//, /^\/samspil\./, /^\/\.well-known\//, /^\/app\.json/];

cleanupOutdatedCaches();
precacheAndRoute(self.__WB_MANIFEST);
registerRoute(new NavigationRoute(createHandlerBoundToURL("/index.html"), { denylist: SERVERS_OWN }));

// A new version waits until a person says so: a page that somebody types in keeps the files that it began with.
self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});
