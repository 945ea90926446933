import type { TopicAdmin } from "@downbeat/pulsar/admin";
import type { Cluster } from "../setup/cluster.ts";
import type { Runtime } from "../setup/runtime.ts";

/**
 * - `error`: Downbeat does not run on it, or loses something
 * - `warning`: it runs, but slower, or something will be missing
 * - `note`: worth knowing
 * - `unseen`: the credentials don't reach
 */
export type Severity = "error" | "warning" | "note" | "unseen";

export interface Finding {
  /** Stays the same from release to release, such as `time-to-live-short`. */
  readonly id: string;
  readonly severity: Severity;
  readonly found: string;
  /** What comes of it. */
  readonly means: string;
  /** What to do about it. */
  readonly mend: string;
}

export interface Patient {
  readonly cluster: Cluster;
  readonly topics: TopicAdmin;
  /** `tenant/namespace` */
  readonly path: string;
  readonly runtime: Runtime;
  /** Arguments of `downbeat` that say which namespace is meant. */
  readonly setup: string;
  readonly partitions?: number;
  /** As whom engines sign in, and nobody else does. */
  readonly engineRoles?: readonly string[];
  readonly pulsarSql?: string;
}

export type Check = (patient: Patient) => Promise<readonly Finding[]> | readonly Finding[];
