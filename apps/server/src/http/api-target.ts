import type { NamespaceName } from "@downbeat/protocol";

/** What a path of the API is about: `/trpc/<procedure>` the server, `/trpc/<tenant>/<namespace>/<procedure>` one namespace. */
export type ApiTarget =
  | { readonly of: "server"; readonly procedure: string }
  | { readonly of: "namespace"; readonly name: NamespaceName; readonly procedure: string };

export const apiPrefix = "/trpc/";

/** `undefined` for a path that is of neither form. */
export function apiTarget(pathname: string): ApiTarget | undefined {
  const parts = pathname.slice(apiPrefix.length).split("/");
  const [tenant, namespace, procedure] = parts.map(decoded);
  if (parts.length === 1 && isProcedure(tenant)) return { of: "server", procedure: tenant };
  if (parts.length !== 3 || tenant === undefined || namespace === undefined || !isProcedure(procedure))
    return undefined;
  return { of: "namespace", name: { tenant, namespace }, procedure };
}

/** How many calls a request makes: tRPC's batches have commas between them. */
export function callsIn(pathname: string): number {
  return pathname.split(/,|%2c/i).length;
}

/**
 * One or several, as a batch names them. tRPC decodes the name once more: one that is still encoded would be another procedure to it than to those who decide
 * here who may follow it, for how long and how often.
 */
function isProcedure(name: string | undefined): name is string {
  return name !== undefined && /^[A-Za-z0-9.,]+$/.test(name);
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
