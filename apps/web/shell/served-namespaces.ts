import type { NamespaceView } from "@downbeat/api/views";
import { headers } from "next/headers";
import { namespacesHeader, parseNamespaces } from "@/lib/namespace.ts";

/** What the server in front of the dashboard serves, as it says with every request. */
export async function servedNamespaces(): Promise<readonly NamespaceView[]> {
  return parseNamespaces((await headers()).get(namespacesHeader));
}
