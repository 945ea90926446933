import type { AppRouter, ServerRouter } from "@downbeat/api";
import { fetchAnswer, PlainAnswer } from "@downbeat/api/fetch-answer";
import { formatNamespaceName, type NamespaceName } from "@downbeat/protocol";
import { createTRPCClient, httpBatchStreamLink, httpLink, splitLink, TRPCClientError } from "@trpc/client";
import { CommandFailure, exitStatus } from "../failure.ts";
import { bearing, tokenHeaders } from "./env.ts";
import { Unconfirmed } from "./outcome.ts";

export type Api = ReturnType<typeof createTRPCClient<AppRouter>>;

export interface ApiAddress {
  readonly url: string;
  readonly tenant?: string;
  readonly namespace?: string;
}

/** Asks the server, of the namespace that is meant; what goes wrong becomes a sentence. */
export async function ask<T>(address: ApiAddress, question: (api: Api) => Promise<T>): Promise<T> {
  const { url } = address;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new CommandFailure(
      "usage",
      `--url must be an http address, such as http://127.0.0.1:3000; it is ${url}.`,
    );
  }
  try {
    const name = await meant(address);
    const path = [name.tenant, name.namespace].map(encodeURIComponent).join("/");
    return await question(
      createTRPCClient<AppRouter>({
        links: [linkTo(url, path)],
      }),
    );
  } catch (error) {
    if (error instanceof Unconfirmed) throw unconfirmed(error, url);
    throw error instanceof TRPCClientError ? failureOf(error, url) : error;
  }
}

function linkTo(url: string, path: string) {
  const to = { url: `${apiUrl(url)}/${path}`, fetch: fetchAnswer, headers: () => tokenHeaders(url) };
  return splitLink<AppRouter>({
    // Its answer comes in parts.
    condition: (operation) => operation.path === "lists.export",
    true: httpBatchStreamLink({ ...to, maxItems: 1 }),
    false: httpLink(to),
  });
}

const apiUrl = (url: string): string => `${url.replace(/\/+$/, "")}/trpc`;

/** The namespace that the options name; the server's first when they name none. */
async function meant({ url, tenant, namespace }: ApiAddress): Promise<NamespaceName> {
  if (tenant !== undefined && namespace !== undefined) return { tenant, namespace };
  const namespaces = await listNamespaces(url, () => tokenHeaders(url));
  const fitting = namespaces.filter(
    (name) => name.tenant === (tenant ?? name.tenant) && name.namespace === (namespace ?? name.namespace),
  );
  const [first] = fitting;
  const isTold = tenant !== undefined || namespace !== undefined;
  if (first !== undefined && (fitting.length === 1 || !isTold)) return first;
  throw new CommandFailure(
    first === undefined ? "notFound" : "usage",
    first === undefined
      ? `The server at ${url} has no ${tenant === undefined ? `namespace ${namespace}` : `tenant ${tenant}`}. It serves ${inWords(namespaces)}.`
      : `Say which is meant with --tenant and --namespace: ${inWords(fitting)}.`,
  );
}

async function listNamespaces(
  url: string,
  headers: () => Promise<Readonly<Record<string, string>>>,
): Promise<readonly NamespaceName[]> {
  const server = createTRPCClient<ServerRouter>({
    links: [httpLink({ url: apiUrl(url), fetch: fetchAnswer, headers })],
  });
  return (await server.namespaces.list.query()).namespaces;
}

/**
 * In how many namespaces somebody with this token may do something.
 *
 * @throws CommandFailure when the server doesn't take it
 */
export async function openTo(url: string, token: string): Promise<number> {
  try {
    return (await listNamespaces(url, () => Promise.resolve(bearing(token)))).length;
  } catch (error) {
    throw error instanceof TRPCClientError ? failureOf(error, url) : error;
  }
}

const inWords = (names: readonly NamespaceName[]): string => names.map(formatNamespaceName).join(", ");

function unconfirmed({ cause, actionId }: Unconfirmed, url: string): unknown {
  if (!(cause instanceof TRPCClientError)) return cause;
  const failure = failureOf(cause, url);
  // Nothing was sent yet.
  if (failure === cause.cause) return failure;
  const isUncertain =
    failure.exitStatus === exitStatus.unreachable || failure.exitStatus === exitStatus.failed;
  // Refused before anybody looked at what it was.
  if (!isUncertain || statusOf(cause) === 429) return failure;
  const again = `It is not certain whether it arrived: give the same command again with --action-id ${actionId}. However often it arrives, it is carried out once.`;
  return new CommandFailure("unreachable", `${failure.message} ${again}`);
}

function failureOf(error: TRPCClientError<AppRouter | ServerRouter>, url: string): CommandFailure {
  // Of the token that was to be sent.
  if (error.cause instanceof CommandFailure) return error.cause;
  if (error.data == null) {
    const status = statusOf(error) ?? 0;
    if (status === 429) return new CommandFailure("unreachable", tooOften(error, url));
    const said = saidOf(error);
    if (status === 401 && said !== undefined && said !== noToken)
      return new CommandFailure("usage", `The server at ${url} lets you do nothing: ${said}`);
    if (status === 503 && said !== undefined) return new CommandFailure("unreachable", `${url}: ${said}`);
    if (status >= 400 && status < 500)
      return new CommandFailure(
        "usage",
        `The server at ${url} refuses this request (HTTP ${status}). ${refusals[status] ?? ""}`.trimEnd(),
      );
    return new CommandFailure(
      "unreachable",
      `No Downbeat server answers at ${url}. Start one with "npx downbeat dev", or say where it is with --url.`,
    );
  }
  return new CommandFailure(statuses[error.data.code] ?? "failed", error.message);
}

/** Of servers that stand before the API too, which have no sentence of their own. */
const refusals: Readonly<Record<number, string>> = {
  401: "People sign in there: sign in with downbeat login, or put a token into a file and name it with DOWNBEAT_TOKEN_FILE (downbeat tokens add makes one). One that was given is over, or none of that server's.",
  403: "You may not do this.",
  413: "What was sent is too large.",
  414: "What was asked for is too long.",
  431: "What was asked for is too long.",
};

/** What is said to who comes without a token. */
const noToken = "Sign in first.";

/** In the server's own words. */
function saidOf({ cause }: TRPCClientError<AppRouter | ServerRouter>): string | undefined {
  return cause instanceof PlainAnswer ? cause.sentence : undefined;
}

function statusOf({ cause }: TRPCClientError<AppRouter | ServerRouter>): number | undefined {
  return cause instanceof PlainAnswer ? cause.status : undefined;
}

function tooOften({ cause }: TRPCClientError<AppRouter | ServerRouter>, url: string): string {
  const seconds = Math.ceil(((cause instanceof PlainAnswer ? cause.retryAfterMs : 0) ?? 0) / 1_000);
  const wait = seconds <= 1 ? "a moment" : `${seconds} seconds`;
  return `The server at ${url} has had too many requests from you, and did nothing: wait ${wait}, and give the command again.`;
}

const statuses: Readonly<Record<string, keyof typeof exitStatus>> = {
  NOT_FOUND: "notFound",
  BAD_REQUEST: "usage",
  PAYLOAD_TOO_LARGE: "usage",
  SERVICE_UNAVAILABLE: "unreachable",
};
