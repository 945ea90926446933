import type { ProjectionFeed } from "@downbeat/history";

export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly reason?: string }[];
}

/** Whether answers are worth asking for: the log is connected and the read model has been at its end. */
export function readiness(feed: ProjectionFeed): Readiness {
  const { connected, caughtUp, partitions } = feed.status();
  const { note } = feed.freshness();
  const checks = [
    check(
      "log",
      connected,
      partitions === 0 ? "the log has no history topics yet" : "no connection to the log",
    ),
    check("readModel", caughtUp, note ?? "history is being read"),
  ];
  return { ready: checks.every(({ ok }) => ok), checks };
}

function check(name: string, ok: boolean, reason: string): Readiness["checks"][number] {
  return ok ? { name, ok } : { name, ok, reason };
}
