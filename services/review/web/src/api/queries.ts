/** Reads that several pages share, each under one key, so that what one page has learnt the next one knows. */
import { queryOptions } from "@tanstack/react-query";
import type { Citizen } from "../gen/samspil/directory/v1/directory_pb";
import { type Rendition, RenditionSchema } from "../gen/samspil/wound/v1/photo_pb";
import { batched } from "./batch";
import { directory } from "./directory";
import { wounds } from "./wounds";

/** As many as the contract gives in one page. */
const PAGE = 1000;

/** Every page of a list, one after the other. */
async function all<T>(
  page: (pageToken: string) => Promise<{ items: T[]; nextPageToken: string }>,
): Promise<T[]> {
  const found: T[] = [];
  let token = "";
  do {
    const { items, nextPageToken } = await page(token);
    found.push(...items);
    token = nextPageToken;
  } while (token);
  return found;
}

const citizens = batched<string, Citizen>(100, async (names) => {
  const { citizens } = await directory.batchGetCitizens({ names });
  return new Map(citizens.map((citizen) => [citizen.name, citizen]));
});

export const queries = {
  /** Somebody of a list; `null` for one who may not be seen. */
  citizen: (name: string) =>
    queryOptions({ queryKey: ["citizen", name], queryFn: async () => (await citizens(name)) ?? null }),

  consents: (patient: string) =>
    queryOptions({
      queryKey: ["consents", patient],
      queryFn: async () => (await directory.listConsents({ parent: patient })).consents,
    }),

  organisation: (name: string) =>
    queryOptions({
      queryKey: ["organisation", name],
      queryFn: () => directory.getOrganisation({ name }),
      staleTime: Number.POSITIVE_INFINITY,
    }),

  /** Every organisation of the directory. It is read once. */
  organisations: () =>
    queryOptions({
      queryKey: ["organisations"],
      queryFn: () =>
        all(async (pageToken) => {
          const page = await directory.listOrganisations({ pageSize: PAGE, pageToken });
          return { items: page.organisations, nextPageToken: page.nextPageToken };
        }),
      staleTime: Number.POSITIVE_INFINITY,
    }),

  wound: (name: string) =>
    queryOptions({
      queryKey: ["wound", name],
      queryFn: ({ signal }) => wounds.getWound({ name }, { signal }),
    }),

  /** A citizen's wounds, or with `patients/-` all that the own organisation takes part in. */
  wounds: (parent: string) =>
    queryOptions({
      queryKey: ["wounds", parent],
      queryFn: () =>
        all(async (pageToken) => {
          const page = await wounds.listWounds({ parent, pageSize: PAGE, pageToken });
          return { items: page.wounds, nextPageToken: page.nextPageToken };
        }),
    }),

  /** Every visit of a wound, in the order of the contract: the newest first. */
  visits: (wound: string) =>
    queryOptions({
      queryKey: ["visits", wound],
      queryFn: () =>
        all(async (pageToken) => {
          const page = await wounds.listVisits({ parent: wound, pageSize: PAGE, pageToken });
          return { items: page.visits, nextPageToken: page.nextPageToken };
        }),
    }),

  /** The last visit alone; `null` before the first. */
  lastVisit: (wound: string) =>
    queryOptions({
      queryKey: ["lastVisit", wound],
      queryFn: async () => (await wounds.listVisits({ parent: wound, pageSize: 1 })).visits[0] ?? null,
    }),

  /** The flags that stand on a wound. */
  flags: (wound: string) =>
    queryOptions({
      queryKey: ["flags", wound],
      queryFn: async () => (await wounds.listFlags({ parent: wound, pageSize: PAGE })).flags,
    }),

  assessments: (wound: string) =>
    queryOptions({
      queryKey: ["assessments", wound],
      queryFn: () =>
        all(async (pageToken) => {
          const page = await wounds.listAssessments({ parent: wound, pageSize: PAGE, pageToken });
          return { items: page.assessments, nextPageToken: page.nextPageToken };
        }),
    }),

  messages: (wound: string) =>
    queryOptions({
      queryKey: ["messages", wound],
      queryFn: () =>
        all(async (pageToken) => {
          const page = await wounds.listMessages({ parent: wound, pageSize: PAGE, pageToken });
          return { items: page.messages, nextPageToken: page.nextPageToken };
        }),
    }),

  scores: (wound: string) =>
    queryOptions({
      queryKey: ["scores", wound],
      queryFn: () =>
        all(async (pageToken) => {
          const page = await wounds.listScores({ parent: wound, pageSize: PAGE, pageToken });
          return { items: page.scores, nextPageToken: page.nextPageToken };
        }),
    }),

  healing: (wound: string) =>
    queryOptions({ queryKey: ["healing", wound], queryFn: () => wounds.getHealing({ name: wound }) }),

  outlines: (wound: string) =>
    queryOptions({
      queryKey: ["outlines", wound],
      queryFn: () =>
        all(async (pageToken) => {
          const page = await wounds.listOutlines({
            parent: `${wound}/visits/-/photos/-`,
            pageSize: PAGE,
            pageToken,
          });
          return { items: page.outlines, nextPageToken: page.nextPageToken };
        }),
    }),

  /** What models suggest for all photos of a wound, decided or not. */
  suggestions: (wound: string) =>
    queryOptions({
      queryKey: ["suggestions", wound],
      queryFn: () =>
        all(async (pageToken) => {
          const page = await wounds.listSuggestions({
            parent: `${wound}/visits/-/photos/-`,
            pageSize: PAGE,
            pageToken,
          });
          return { items: page.suggestions, nextPageToken: page.nextPageToken };
        }),
    }),

  viewers: (wound: string) =>
    queryOptions({
      queryKey: ["viewers", wound],
      queryFn: async () => (await wounds.listViewers({ parent: wound, pageSize: 100 })).viewers,
    }),

  /** A picture's bytes. Kept in memory for as long as it is shown and a little longer. */
  picture: (photo: string, rendition: Rendition) =>
    queryOptions({
      queryKey: ["picture", photo, RenditionSchema.value[rendition]?.name],
      queryFn: ({ signal }) => download(photo, rendition, signal),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 5 * 60_000,
    }),
};

async function download(name: string, rendition: Rendition, signal: AbortSignal): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let type = "";
  for await (const part of wounds.downloadPhoto({ name, rendition }, { signal, timeoutMs: 120_000 })) {
    type ||= part.contentType;
    parts.push(Uint8Array.from(part.data));
  }
  return new Blob(parts, { type });
}
