import type { AppRouter } from "@downbeat/api";
import { createTRPCClient, httpLink, TRPCClientError } from "@trpc/client";
import { CommandFailure, type exitStatus } from "../failure.ts";

export type Api = ReturnType<typeof createTRPCClient<AppRouter>>;

export function connect(url: string): Api {
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url.replace(/\/+$/, "")}/trpc` })] });
}

/** Asks the server; what goes wrong becomes a sentence. */
export async function ask<T>(url: string, question: (api: Api) => Promise<T>): Promise<T> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new CommandFailure(
      "usage",
      `--url must be an http address, such as http://127.0.0.1:3000; it is ${url}.`,
    );
  }
  try {
    return await question(connect(url));
  } catch (error) {
    throw error instanceof TRPCClientError ? failureOf(error, url) : error;
  }
}

function failureOf(error: TRPCClientError<AppRouter>, url: string): CommandFailure {
  if (error.data == null) {
    return new CommandFailure(
      "unreachable",
      `No Downbeat server answers at ${url}. Start one with "npm start", or say where it is with --url.`,
    );
  }
  return new CommandFailure(statuses[error.data.code] ?? "failed", error.message);
}

const statuses: Readonly<Record<string, keyof typeof exitStatus>> = {
  NOT_FOUND: "notFound",
  BAD_REQUEST: "usage",
  SERVICE_UNAVAILABLE: "unreachable",
};
