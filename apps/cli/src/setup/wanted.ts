import type { PulsarOptions } from "../cluster/options.ts";
import { CommandFailure } from "../failure.ts";
import type { Offload, OffloadStorage, Wanted } from "../wiring.ts";

export interface SetupOptions extends PulsarOptions {
  readonly partitions?: number;
  readonly jobs?: readonly string[];
  readonly workflows?: readonly string[];
  readonly builds?: readonly string[];
  readonly historyRetention?: number;
  readonly historyRetentionSize?: number;
  readonly offloadThreshold?: number;
  readonly offloadLag?: number;
  readonly offloadDriver?: "filesystem" | "aws-s3";
  readonly offloadUri?: string;
  readonly offloadProfile?: string;
  readonly offloadBucket?: string;
  readonly offloadRegion?: string;
  readonly offloadEndpoint?: string;
  readonly replicateTo?: readonly string[];
  readonly engineRoles?: readonly string[];
  readonly serverRoles?: readonly string[];
  readonly workerRoles?: readonly string[];
  readonly dryRun: boolean;
}

const defaultThresholdBytes = 1_024 ** 3;
/** As Pulsar's own. */
const defaultLagMs = 4 * 3_600_000;

/** @throws CommandFailure when options don't go together */
export function wantedOf(options: SetupOptions): Wanted {
  const { tenant, namespace, partitions, jobs, workflows, builds } = options;
  const { historyRetention, historyRetentionSize, replicateTo } = options;
  const { engineRoles, serverRoles, workerRoles } = options;
  if (builds !== undefined && workflows === undefined)
    throw new CommandFailure("usage", "--builds are of workflows: name those with --workflows.");
  const twice = [engineRoles, serverRoles, workerRoles]
    .flatMap((roles) => [...new Set(roles)])
    .find((role, at, all) => all.indexOf(role) !== at);
  if (twice !== undefined)
    throw new CommandFailure(
      "usage",
      `${JSON.stringify(twice)} can't be two of engine, server and worker: permissions of one are those of the other. Give each a token of its own.`,
    );
  const offload = offloadOf(options);
  return {
    tenant,
    namespace,
    ...(partitions !== undefined && { partitions }),
    ...(jobs !== undefined && { jobTypes: jobs }),
    ...(workflows !== undefined && { workflows }),
    ...(builds !== undefined && { builds }),
    ...((historyRetention !== undefined || historyRetentionSize !== undefined) && {
      historyRetention: { minutes: historyRetention ?? -1, megabytes: historyRetentionSize ?? -1 },
    }),
    ...(offload !== undefined && { offload }),
    ...(replicateTo !== undefined && { replicateTo }),
    ...(engineRoles !== undefined && { engineRoles }),
    ...(serverRoles !== undefined && { serverRoles }),
    ...(workerRoles !== undefined && { workerRoles }),
  };
}

function offloadOf(options: SetupOptions): Offload | undefined {
  const storage = storageOf(options);
  const { offloadThreshold, offloadLag } = options;
  if (storage === undefined && offloadThreshold === undefined && offloadLag === undefined) return undefined;
  return {
    thresholdBytes: offloadThreshold ?? defaultThresholdBytes,
    deletionLagMs: offloadLag ?? defaultLagMs,
    ...(storage !== undefined && { storage }),
  };
}

function storageOf(options: SetupOptions): OffloadStorage | undefined {
  const { offloadDriver, offloadUri, offloadProfile, offloadBucket, offloadRegion, offloadEndpoint } =
    options;
  const ofFiles = { "--offload-uri": offloadUri, "--offload-profile": offloadProfile };
  const ofS3 = {
    "--offload-bucket": offloadBucket,
    "--offload-region": offloadRegion,
    "--offload-endpoint": offloadEndpoint,
  };
  switch (offloadDriver) {
    case undefined:
      refuse({ ...ofFiles, ...ofS3 }, "say which storage it is for with --offload-driver");
      return undefined;
    case "filesystem":
      refuse(ofS3, "it is for --offload-driver aws-s3");
      if (offloadUri === undefined || offloadProfile === undefined)
        throw new CommandFailure(
          "usage",
          "--offload-driver filesystem needs --offload-uri and --offload-profile, as the broker and Pulsar SQL see them (docs/tiered-storage.md).",
        );
      return { driver: "filesystem", uri: offloadUri, profile: offloadProfile };
    case "aws-s3":
      refuse(ofFiles, "it is for --offload-driver filesystem");
      if (offloadBucket === undefined || (offloadRegion === undefined && offloadEndpoint === undefined))
        throw new CommandFailure(
          "usage",
          "--offload-driver aws-s3 needs --offload-bucket and one of --offload-region and --offload-endpoint.",
        );
      return {
        driver: "aws-s3",
        bucket: offloadBucket,
        ...(offloadRegion !== undefined && { region: offloadRegion }),
        ...(offloadEndpoint !== undefined && { endpoint: offloadEndpoint }),
      };
  }
}

function refuse(given: Readonly<Record<string, string | undefined>>, why: string): void {
  for (const [option, value] of Object.entries(given))
    if (value !== undefined) throw new CommandFailure("usage", `${option} can't be taken: ${why}.`);
}
