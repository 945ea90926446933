export { examine, type Finding } from "@downbeat/cluster/doctor";

import { type Cluster, openCluster } from "@downbeat/cluster/setup";
import type { SignIn } from "@downbeat/protocol";

/** The one place of the command line that says which log it can set up and examine. */
export {
  type Cluster,
  DestinationError,
  NoBrokerError,
  type Offload,
  type OffloadStorage,
  prepare,
  type SetupLine,
  setUp,
  type Wanted,
} from "@downbeat/cluster/setup";

export interface ClusterOptions extends SignIn {
  readonly adminUrl: string;
  readonly serviceUrl: string;
}

/** @throws Error that names the certificate's file when it can't be read */
export function cluster(options: ClusterOptions): Cluster {
  return openCluster(options);
}

export {
  backUpRunning,
  type EmbeddedLog,
  EmbeddedLogOpenError,
  isAlive,
  LogFile,
  logFileName,
  notedLog,
  openEmbeddedLog,
  type Restored,
  restore,
  tokenFileName,
} from "@downbeat/embedded-log";
export { openPulsarLog as openLogAt } from "@downbeat/pulsar";
