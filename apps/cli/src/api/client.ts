import type { AppRouter, ServerRouter } from "@downbeat/api";
import { formatNamespaceName, type NamespaceName } from "@downbeat/protocol";
import { createTRPCClient, httpLink, TRPCClientError } from "@trpc/client";
import { CommandFailure, type exitStatus } from "../failure.ts";

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
      createTRPCClient<AppRouter>({ links: [httpLink({ url: `${apiUrl(url)}/${path}` })] }),
    );
  } catch (error) {
    throw error instanceof TRPCClientError ? failureOf(error, url) : error;
  }
}

const apiUrl = (url: string): string => `${url.replace(/\/+$/, "")}/trpc`;

/** The namespace that the options name; the server's first when they name none. */
async function meant({ url, tenant, namespace }: ApiAddress): Promise<NamespaceName> {
  if (tenant !== undefined && namespace !== undefined) return { tenant, namespace };
  const server = createTRPCClient<ServerRouter>({ links: [httpLink({ url: apiUrl(url) })] });
  const { namespaces } = await server.namespaces.list.query();
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

const inWords = (names: readonly NamespaceName[]): string => names.map(formatNamespaceName).join(", ");

function failureOf(error: TRPCClientError<AppRouter | ServerRouter>, url: string): CommandFailure {
  if (error.data == null) {
    return new CommandFailure(
      "unreachable",
      `No Downbeat server answers at ${url}. Start one with "npx downbeat dev", or say where it is with --url.`,
    );
  }
  return new CommandFailure(statuses[error.data.code] ?? "failed", error.message);
}

const statuses: Readonly<Record<string, keyof typeof exitStatus>> = {
  NOT_FOUND: "notFound",
  BAD_REQUEST: "usage",
  PAYLOAD_TOO_LARGE: "usage",
  SERVICE_UNAVAILABLE: "unreachable",
};
