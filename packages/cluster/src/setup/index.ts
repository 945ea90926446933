export type { Cluster } from "./cluster.ts";
export { type ClusterAddress, openCluster } from "./open-cluster.ts";
export { NotSetUpError, type PrepareOptions, prepare } from "./prepare.ts";
export { type Outcome, type SetupLine, setUp } from "./set-up.ts";
export { NoBrokerError } from "./steps/broker.ts";
export { DestinationError } from "./steps/destinations.ts";
export type { Offload, OffloadStorage, Retention, Wanted } from "./wanted.ts";
export { withWorkerSubscriptions } from "./worker-subscriptions.ts";
