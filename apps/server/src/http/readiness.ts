import type { NamespaceName } from "@downbeat/protocol";
import type { ServedNamespace } from "../namespaces/served-namespace.ts";

export interface NamespaceReadiness extends NamespaceName {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly reason?: string }[];
}

export interface Readiness {
  /** Whether one namespace at least is: one that is not must not keep people from the others. */
  readonly ready: boolean;
  readonly namespaces: readonly NamespaceReadiness[];
}

/** Whether answers are worth asking for. */
export function readiness(namespaces: readonly ServedNamespace[]): Readiness {
  const each = namespaces.map(namespaceReadiness);
  return { ready: each.some(({ ready }) => ready), namespaces: each };
}

/** Ready: the log is connected and the read model has been at its end. */
function namespaceReadiness(served: ServedNamespace): NamespaceReadiness {
  const { tenant, namespace, feed } = served;
  const checks = feed === undefined ? [check("readModel", false, served.trouble)] : checksOf(feed);
  return { tenant, namespace, ready: checks.every(({ ok }) => ok), checks };
}

function checksOf(feed: NonNullable<ServedNamespace["feed"]>): NamespaceReadiness["checks"] {
  const { connected, caughtUp } = feed.status();
  const { note } = feed.freshness();
  return [
    check("log", connected, note ?? "no connection to the log"),
    check("readModel", caughtUp, note ?? "history is being read"),
  ];
}

function check(name: string, ok: boolean, reason: string): NamespaceReadiness["checks"][number] {
  return ok ? { name, ok } : { name, ok, reason };
}
