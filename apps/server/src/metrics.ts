import type { NamespaceName } from "@downbeat/protocol";
import type { Flushed, PartitionStatus, ProjectionFeed } from "@downbeat/read-model";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { ServedNamespace } from "./namespaces/served-namespace.ts";

export interface Metrics {
  readonly registry: Registry;
  /** @param name `undefined` for a request that is of no namespace served here */
  observeRequest(name: NamespaceName | undefined, procedure: string, ok: boolean, seconds: number): void;
  countFlushed(name: NamespaceName, flushed: Flushed): void;
  /** Open live connections. */
  readonly followers: Gauge<"tenant" | "namespace">;
  /** @param endsAt when the certificate ends that this server shows, seconds since 1970 */
  showTlsEnd(endsAt: () => number): void;
}

const ofNamespace = ["tenant", "namespace"] as const;

type AuditFigures = NonNullable<ServedNamespace["audit"]>;

/** @param namespaces asked for whenever the metrics are */
export function createMetrics(
  procedures: ReadonlySet<string>,
  namespaces: () => readonly ServedNamespace[],
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const gauge = (name: string, help: string, value: (feed: ProjectionFeed) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ofNamespace,
      registers,
      collect() {
        this.reset();
        for (const { tenant, namespace, feed } of namespaces()) {
          if (feed !== undefined) this.set({ tenant, namespace }, value(feed));
        }
      },
    });
  };

  gauge(
    "downbeat_projection_lag_seconds",
    "Age of the moment up to which the read model is complete.",
    (feed) => Math.max(0, Date.now() - feed.freshness().completeTo) / 1_000,
  );
  gauge(
    "downbeat_projection_behind_records",
    "Records of the log that the read model has not read yet, as far as is known.",
    (feed) => feed.freshness().behind,
  );
  gauge("downbeat_log_connected", "1 when all readers of history are connected.", (feed) =>
    feed.status().connected ? 1 : 0,
  );
  gauge(
    "downbeat_projection_left_out_records",
    "Records of history that should count and can't be used: what they told is missing.",
    (feed) => feed.status().leftOut,
  );
  const auditGauge = (name: string, help: string, value: (audit: AuditFigures) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ofNamespace,
      registers,
      collect() {
        this.reset();
        for (const { tenant, namespace, audit } of namespaces())
          if (audit !== undefined) this.set({ tenant, namespace }, value(audit));
      },
    });
  };
  auditGauge(
    "downbeat_audit_waiting_entries",
    "Entries of the audit that the log has not taken yet.",
    ({ waiting }) => waiting,
  );
  auditGauge("downbeat_audit_unwritable", "1 while the log takes no entries of the audit.", ({ trouble }) =>
    trouble === undefined ? 0 : 1,
  );
  const partitionGauge = (
    name: string,
    help: string,
    value: (status: PartitionStatus) => number | undefined,
  ): void => {
    new Gauge({
      name,
      help,
      labelNames: [...ofNamespace, "partition"],
      registers,
      collect() {
        this.reset();
        for (const { tenant, namespace, feed } of namespaces()) {
          for (const status of feed?.status().writeSide ?? []) {
            // What can't be told is absent: a 0 would be believed.
            const known = value(status);
            if (known !== undefined) this.set({ tenant, namespace, partition: status.partition }, known);
          }
        }
      },
    });
  };
  partitionGauge(
    "downbeat_partition_progress_seconds",
    "For so long commands wait in the partition and none is decided; 0 while they are, or when none waits; absent when it can't be told.",
    ({ stalledMs }) => inSeconds(stalledMs),
  );
  partitionGauge(
    "downbeat_partition_unowned_seconds",
    "For so long no engine is connected to the partition; absent when it can't be told.",
    ({ unownedMs }) => inSeconds(unownedMs),
  );
  partitionGauge(
    "downbeat_partition_unknown_seconds",
    "For so long it can't be told what waits in the partition and who decides it; 0 while it can.",
    ({ unknown, waiting }) =>
      unknown === undefined && waiting !== undefined ? 0 : inSeconds(unknown?.forMs),
  );
  partitionGauge(
    "downbeat_partition_waiting_commands",
    "Messages in the partition's inbox that are not settled; absent when it can't be told.",
    ({ waiting }) => waiting,
  );
  const records = new Counter({
    name: "downbeat_projection_records_total",
    help: "Records written into the read model.",
    labelNames: ofNamespace,
    registers,
  });
  const events = new Counter({
    name: "downbeat_projection_events_total",
    help: "Events written into the read model.",
    labelNames: ofNamespace,
    registers,
  });
  const requests = new Histogram({
    name: "downbeat_request_duration_seconds",
    help: "Time to answer a request to the API.",
    labelNames: [...ofNamespace, "procedure", "ok"],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const followers = new Gauge({
    name: "downbeat_live_connections",
    help: "Open live connections.",
    labelNames: ofNamespace,
    registers,
  });
  return {
    registry,
    followers,
    showTlsEnd(endsAt) {
      new Gauge({
        name: "downbeat_tls_certificate_end_timestamp_seconds",
        help: "When the certificate ends that this server shows, in seconds since 1970.",
        registers,
        collect() {
          this.set(endsAt());
        },
      });
    },
    countFlushed({ tenant, namespace }, flushed) {
      records.inc({ tenant, namespace }, flushed.records);
      events.inc({ tenant, namespace }, flushed.events);
    },
    observeRequest(name, procedure, ok, seconds) {
      // Paths come from outside; only ours become labels.
      const { tenant = "", namespace = "" } = name ?? {};
      const known = procedures.has(procedure) ? procedure : "(other)";
      requests.observe({ tenant, namespace, procedure: known, ok: String(ok) }, seconds);
    },
  };
}

function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000;
}
