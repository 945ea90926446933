import { QueryClient } from "@tanstack/react-query";
import { TRPCClientError } from "@trpc/client";
import { retryAfterMs, troubleOf } from "./trouble.ts";

/** What the server said, as against its not being there: asking again would bring the same answer. */
function isAnswer(error: unknown): boolean {
  return troubleOf(error) !== "away";
}

export function isNotFound(error: unknown): boolean {
  return error instanceof TRPCClientError && error.data?.code === "NOT_FOUND";
}

export function isForbidden(error: unknown): boolean {
  return error instanceof TRPCClientError && error.data?.code === "FORBIDDEN";
}

const longestWaitMs = 10_000;

/** Who asked too often is told when to come again: nobody needs to hear of it where that is soon. */
function isSoonAgain(error: unknown): boolean {
  return (retryAfterMs(error) ?? Number.POSITIVE_INFINITY) <= longestWaitMs;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Live changes keep what is shown up to date; asking again on focus would only move things under the pointer.
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && (!isAnswer(error) || isSoonAgain(error)),
        retryDelay: (attempt, error) => retryAfterMs(error) ?? 300 * 2 ** attempt,
        // "Offline" is about the world; this server may well be on this machine.
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}
