import { z } from "zod";
import type { Look } from "../item.ts";
import { type Runtime, runtimeOf } from "../runtime.ts";
import type { Offload, OffloadStorage } from "../wanted.ts";

/** As the admin API names them; many more have defaults. */
export const offloadAnswer = z.looseObject({
  managedLedgerOffloadDriver: z.string().nullish(),
  managedLedgerOffloadThresholdInBytes: z.number().nullish(),
});

export function offloadPath(path: string): string {
  return `persistent/${path}/history/offloadPolicies`;
}

/** Of the topic, not of the namespace: Pulsar SQL fails on a namespace that has such a policy, where its connector and its offloaders are of two releases. */
export const offloaded: Look = async ({ cluster, path, wanted: { offload } }) => {
  if (offload === undefined) return [];
  const what = "offload";
  const runtime = await runtimeOf(cluster);
  const storage = offload.storage ?? storageOfBroker(runtime);
  if (typeof storage === "string")
    return [
      { what, seen: { as: "wrong", found: "no storage", wanted: thresholdWords(offload), why: storage } },
    ];
  const directory = runtime?.offloadersDirectory ?? "";
  // A policy without it means ./offloaders, whatever the broker is set to.
  const body = {
    ...policyOf(offload, storage),
    ...(directory !== "" && { offloadersDirectory: directory }),
  };
  const words = `to ${storageWords(storage)}, ${thresholdWords(offload)}`;
  const make = () => cluster.write("POST", offloadPath(path), body);
  const found = await cluster.read(offloadPath(path), offloadAnswer);
  if (found === undefined) return [{ what, seen: { as: "missing", wanted: words, make } }];
  const differing = Object.entries(body).filter(([key, value]) => found[key] !== value);
  if (differing.length === 0) return [{ what, seen: { as: "there", found: words } }];
  const other = differing.map(([key]) => `${key} ${JSON.stringify(found[key] ?? null)}`).join(", ");
  return [{ what, seen: { as: "other", found: other, wanted: words, make } }];
};

function storageOfBroker(runtime: Runtime): OffloadStorage | string {
  if (runtime === undefined)
    return "the token may not look at the broker's settings: say where segments go with --offload-driver";
  switch (runtime.managedLedgerOffloadDriver) {
    case "filesystem": {
      const { fileSystemURI: uri = "", fileSystemProfilePath: profile = "" } = runtime;
      if (uri !== "" && profile !== "") return { driver: "filesystem", uri, profile };
      return "the broker does not say where its file system is: --offload-driver filesystem --offload-uri … --offload-profile …";
    }
    case "aws-s3":
    case "S3":
      return s3Of(runtime);
    case "":
    case undefined:
      return "the broker is set to no offload driver: say where segments go with --offload-driver";
    default:
      return `the broker's offload driver ${runtime.managedLedgerOffloadDriver} is not one that Downbeat sets up; use pulsar-admin namespaces set-offload-policies`;
  }
}

function s3Of(runtime: NonNullable<Runtime>): OffloadStorage {
  const region = runtime.s3ManagedLedgerOffloadRegion;
  const endpoint = runtime.s3ManagedLedgerOffloadServiceEndpoint;
  return {
    driver: "aws-s3",
    bucket: runtime.s3ManagedLedgerOffloadBucket ?? "",
    ...(region !== undefined && region !== "" && { region }),
    ...(endpoint !== undefined && endpoint !== "" && { endpoint }),
  };
}

function policyOf(offload: Offload, storage: OffloadStorage): Readonly<Record<string, string | number>> {
  const common = {
    managedLedgerOffloadDriver: storage.driver,
    managedLedgerOffloadThresholdInBytes: offload.thresholdBytes,
    managedLedgerOffloadDeletionLagInMillis: offload.deletionLagMs,
  };
  if (storage.driver === "filesystem")
    return { ...common, fileSystemURI: storage.uri, fileSystemProfilePath: storage.profile };
  const { bucket, region, endpoint } = storage;
  return {
    ...common,
    s3ManagedLedgerOffloadBucket: bucket,
    ...(region !== undefined && { s3ManagedLedgerOffloadRegion: region }),
    ...(endpoint !== undefined && { s3ManagedLedgerOffloadServiceEndpoint: endpoint }),
  };
}

function storageWords(storage: OffloadStorage): string {
  return storage.driver === "filesystem" ? storage.uri : `bucket ${storage.bucket}`;
}

function thresholdWords({ thresholdBytes, deletionLagMs }: Offload): string {
  return `closed segments over ${thresholdBytes} bytes a topic, deleted from BookKeeper after ${deletionLagMs / 1_000} s`;
}
