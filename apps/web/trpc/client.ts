import type { AppRouter } from "@downbeat/api";
import { fetchAnswer, PlainAnswer } from "@downbeat/api/fetch-answer";
import type { NamespaceView } from "@downbeat/api/views";
import {
  createTRPCClient,
  httpBatchStreamLink,
  httpLink,
  httpSubscriptionLink,
  retryLink,
  splitLink,
} from "@trpc/client";
import { sessionEnd } from "../live/session-end.ts";

/** Their answers come in parts. */
const inParts: ReadonlySet<string> = new Set(["analytics.run", "lists.export"]);
const longestPauseMs = 2_000;

/** Whatever is asked, its answer tells whether somebody is still signed in. */
const fetchAndTell: typeof fetchAnswer = async (...asked) => {
  try {
    const response = await fetchAnswer(...asked);
    sessionEnd.tellStatus(response.status);
    return response;
  } catch (error) {
    if (error instanceof PlainAnswer) sessionEnd.tellStatus(error.status);
    throw error;
  }
};

/** One request a question: batched ones would all wait for the slowest. */
export function createClient({ tenant, namespace }: NamespaceView) {
  const url = `/trpc/${tenant}/${namespace}`;
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: [
          // EventSource gives up for good on an error status, which a restarting server's proxy answers with;
          // without these retries the page would stay "connecting" until it is reloaded.
          retryLink({
            retry: () => true,
            retryDelayMs: (attempt) => Math.min(longestPauseMs, 250 * 2 ** attempt),
          }),
          httpSubscriptionLink({ url }),
        ],
        false: splitLink({
          // Closing the connection cancels what is asked.
          condition: ({ path }) => inParts.has(path),
          true: httpBatchStreamLink({ url, maxItems: 1, fetch: fetchAndTell }),
          false: httpLink({ url, fetch: fetchAndTell }),
        }),
      }),
    ],
  });
}

export type Client = ReturnType<typeof createClient>;
