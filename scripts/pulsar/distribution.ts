import type { Artifact } from "./artifact.ts";

/** Of Pulsar 4, those that were fetched and looked at; the last is the one that is started unless another is asked for. */
const known: Readonly<Record<string, Pick<Artifact, "sha256" | "megabytes">>> = {
  "4.0.6": { sha256: "e20d4c7ed6edad1fc81fc0c249ac62a5dae60b167561bd6ec77944e5a46bbfcc", megabytes: 244 },
  "4.0.8": { sha256: "35c7d064c9e0928edbf2e708989faba0379662f98aa84ce0d4190c59efb6765e", megabytes: 245 },
};

export const newestKnown = "4.0.8";

/** Names the version for this process and those that it starts. */
export const versionVariable = "DOWNBEAT_PULSAR_VERSION";

/** The version that is asked for, else the newest that is known. */
export function wantedVersion(variables: NodeJS.ProcessEnv = process.env): string {
  const { [versionVariable]: asked } = variables;
  return asked === undefined || asked === "" ? newestKnown : asked;
}

/** @throws Error that says what can be asked for */
export function distributionOf(version: string): Artifact {
  if (!/^\d+\.\d+\.\d+$/.test(version))
    throw new Error(
      `There is no Pulsar ${JSON.stringify(version)}: give a version such as ${Object.keys(known).join(" or ")}.`,
    );
  return {
    coordinates: `org.apache.pulsar:pulsar-server-distribution:${version}:tar.gz:bin`,
    // Of another one, Maven's own checksum is all that vouches for it.
    ...(known[version] ?? { megabytes: 250 }),
  };
}
