import type { ProjectionFeed } from "@downbeat/history";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface Metrics {
  readonly registry: Registry;
  observeRequest(procedure: string, ok: boolean, seconds: number): void;
  /** Open live connections. */
  readonly followers: Gauge;
}

export function createMetrics(feed: ProjectionFeed, procedures: ReadonlySet<string>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  new Gauge({
    name: "downbeat_projection_lag_seconds",
    help: "Age of the moment up to which the read model is complete.",
    registers,
    collect() {
      this.set(Math.max(0, Date.now() - feed.freshness().completeTo) / 1_000);
    },
  });
  new Gauge({
    name: "downbeat_projection_behind_records",
    help: "Records of the log that the read model has not read yet, as far as is known.",
    registers,
    collect() {
      this.set(feed.freshness().behind);
    },
  });
  new Gauge({
    name: "downbeat_log_connected",
    help: "1 when all readers of history are connected.",
    registers,
    collect() {
      this.set(feed.status().connected ? 1 : 0);
    },
  });
  const records = new Counter({
    name: "downbeat_projection_records_total",
    help: "Records written into the read model.",
    registers,
  });
  const events = new Counter({
    name: "downbeat_projection_events_total",
    help: "Events written into the read model.",
    registers,
  });
  feed.onFlushed((flushed) => {
    records.inc(flushed.records);
    events.inc(flushed.events);
  });
  const requests = new Histogram({
    name: "downbeat_request_duration_seconds",
    help: "Time to answer a request to the API.",
    labelNames: ["procedure", "ok"],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const followers = new Gauge({
    name: "downbeat_live_connections",
    help: "Open live connections.",
    registers,
  });
  return {
    registry,
    followers,
    observeRequest(procedure, ok, seconds) {
      // Paths come from outside; only ours become labels.
      requests.observe(
        { procedure: procedures.has(procedure) ? procedure : "(other)", ok: String(ok) },
        seconds,
      );
    },
  };
}
