/** What the page knows of the server's resources. In memory only. */
import { QueryClient } from "@tanstack/react-query";
import { isUnauthenticated, isUnreachable } from "../api/errors";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Streams say what changed; this is for what no stream tells.
      staleTime: 60_000,
      retry: (failures, error) => isUnreachable(error) && !isUnauthenticated(error) && failures < 3,
      // What cannot be fetched fails at once and says so, instead of waiting for a network without a word.
      networkMode: "always",
    },
    mutations: { retry: false, networkMode: "always" },
  },
});
