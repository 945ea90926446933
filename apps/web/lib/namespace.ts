import type { NamespaceView } from "@downbeat/api/views";

/** Set by the server on every request that it passes on: what it serves, the default first. */
export const namespacesHeader = "x-downbeat-namespaces";
/** The one that was looked at last. */
export const namespaceCookie = "namespace";

export function formatNamespace({ tenant, namespace }: NamespaceView): string {
  return `${tenant}/${namespace}`;
}

/** `public/default,acme/orders` */
export function parseNamespaces(text: string | null): readonly NamespaceView[] {
  return (text ?? "").split(",").flatMap((name) => {
    const [tenant, namespace] = name.split("/");
    return tenant && namespace ? [{ tenant, namespace }] : [];
  });
}

export function isSameNamespace(one: NamespaceView, other: NamespaceView): boolean {
  return one.tenant === other.tenant && one.namespace === other.namespace;
}

/** The one that an address without any means: the last looked at if it is still served, else the default. */
export function chooseNamespace(
  served: readonly NamespaceView[],
  last: string | undefined,
): NamespaceView | undefined {
  return served.find((each) => formatNamespace(each) === last) ?? served[0];
}
