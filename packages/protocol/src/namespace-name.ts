import { z } from "zod";

/** A Pulsar tenant and namespace: what runs, and everything about them, are kept apart by. */
export interface NamespaceName {
  readonly tenant: string;
  readonly namespace: string;
}

// What Pulsar takes. Both become parts of addresses and of paths, where dots alone would mean another place.
const pattern = /^(?!\.{1,2}$)[-=:.\w]{1,200}$/;

/** One of a tenant's name and a namespace's. */
export const namespacePart = z
  .string()
  .regex(pattern, "letters, digits and - = : . _ only, and not dots alone");

/** `public/default,acme/orders` */
export const namespaceList = z.string().transform((text, context): NamespaceName[] => {
  const names = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const parsed = names.map(parseNamespaceName);
  const wrong = parsed.indexOf(undefined);
  if (wrong >= 0 || names.length === 0) {
    context.addIssue({
      code: "custom",
      message: `${names[wrong] === undefined ? "it" : JSON.stringify(names[wrong])} is no tenant and namespace such as public/default`,
    });
  }
  return distinctNamespaces(parsed.filter((name) => name !== undefined));
});

/** `undefined` for a text that is not `<tenant>/<namespace>`. */
export function parseNamespaceName(text: string): NamespaceName | undefined {
  const [tenant = "", namespace = "", ...rest] = text.split("/");
  const fits = rest.length === 0 && pattern.test(tenant) && pattern.test(namespace);
  return fits ? { tenant, namespace } : undefined;
}

export function formatNamespaceName({ tenant, namespace }: NamespaceName): string {
  return `${tenant}/${namespace}`;
}

interface MeantNamespaces {
  readonly tenant?: string | undefined;
  readonly namespace?: string | undefined;
  readonly listed: readonly NamespaceName[];
}

/** One that is named by itself comes first, before those that are listed; it is public/default when nothing is said. */
export function namespacesMeant({
  tenant,
  namespace,
  listed,
}: MeantNamespaces): readonly [NamespaceName, ...NamespaceName[]] {
  const single = { tenant: tenant ?? "public", namespace: namespace ?? "default" };
  const isNamed = tenant !== undefined || namespace !== undefined;
  const [first = single, ...others] = isNamed ? distinctNamespaces([single, ...listed]) : listed;
  return [first, ...others];
}

/** Each once, in the order of their first appearance. */
function distinctNamespaces(names: readonly NamespaceName[]): NamespaceName[] {
  return [...new Map(names.map((name) => [formatNamespaceName(name), name])).values()];
}
