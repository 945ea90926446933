import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Artifact, fetchedJar, unpacked } from "./artifact.ts";

/** What the broker moves closed segments with. */
const ofBroker: Artifact = {
  coordinates: "org.apache.pulsar:pulsar-offloader-distribution:4.0.8:tar.gz:bin",
  sha256: "a73d8c48f578edbc572147351fbca742740b3fe4329f892ce80f3de717adf6c7",
  megabytes: 62,
};

/** The oldest that reads what 4.0 has moved. */
const ofConnector: Artifact = {
  coordinates: "org.apache.pulsar:pulsar-offloader-distribution:3.3.5:tar.gz:bin",
  sha256: "3cbf38db365fd2eb5cba7143e02f8fb8797cf433617a78aa8612f71f013b35ee",
  megabytes: 271,
};

/** The connector's own are of 3.1, in which a method that these offloaders call returns something else. */
const jars: readonly Artifact[] = [
  {
    coordinates: "org.apache.pulsar:managed-ledger:3.3.5:jar",
    sha256: "200643b3cf36adce7191686ed8a194909ec85e0703ab87b1f7cfd0ba8d30a72a",
    megabytes: 1,
  },
  {
    coordinates: "org.apache.pulsar:pulsar-common:3.3.5:jar",
    sha256: "b1586dcdfeefaecc2997e2c1f82389c7b9922740a30f8d5a78bf4712bd7f4b91",
    megabytes: 1,
  },
  {
    coordinates: "org.apache.pulsar:pulsar-metadata:3.3.5:jar",
    sha256: "b3a9fc4b0711972228137905f34bec12b2db4934514de778f54d2ecf3a7fa07f",
    megabytes: 1,
  },
  {
    coordinates: "org.apache.pulsar:pulsar-client-api:3.3.5:jar",
    sha256: "9fe1a6e412abe876f2933992eea2367187a97ef81727410d94e5dcb783270e23",
    megabytes: 1,
  },
  {
    coordinates: "org.apache.pulsar:pulsar-client-admin-api:3.3.5:jar",
    sha256: "aa48f1c3e49ed15ad119287e3e5eda970ece5d0448a7061c7d301b1a89e1fbc4",
    megabytes: 1,
  },
  {
    coordinates: "org.roaringbitmap:RoaringBitmap:1.2.0:jar",
    sha256: "2f3e57b9a9598e53e5b33c94ca9c1ba7ff9c3610992900d6cc7d68e89028ee05",
    megabytes: 1,
  },
];

type Say = (line: string) => void;

/**
 * Settings with which a broker moves segments into a folder.
 *
 * @param home where Pulsar is unpacked
 */
export async function brokerOffload(
  folder: string,
  home: string,
  say: Say,
): Promise<Readonly<Record<string, string>>> {
  const offloaders = await unpacked(ofBroker, say);
  mkdirSync(folder, { recursive: true });
  return {
    offloadersDirectory: join(offloaders, "offloaders"),
    managedLedgerOffloadDriver: "filesystem",
    fileSystemURI: uriOf(folder),
    fileSystemProfilePath: profileIn(home),
  };
}

export interface ConnectorOffload {
  readonly catalog: Readonly<Record<string, string>>;
  /** Go before those of the connector. */
  readonly jars: readonly string[];
}

/** With what Pulsar SQL reads the segments in a folder. */
export async function connectorOffload(folder: string, home: string, say: Say): Promise<ConnectorOffload> {
  const offloaders = await unpacked(ofConnector, say);
  const files: string[] = [];
  for (const jar of jars) files.push(await fetchedJar(jar, say));
  const properties = { fileSystemURI: uriOf(folder), fileSystemProfilePath: profileIn(home) };
  return {
    catalog: {
      "pulsar.managed-ledger-offload-driver": "filesystem",
      "pulsar.offloaders-directory": join(offloaders, "offloaders"),
      "pulsar.offloader-properties": JSON.stringify(properties),
    },
    jars: files,
  };
}

/** The folder as `downbeat setup` takes it. */
export function storageIn(
  folder: string,
  home: string,
): { readonly driver: "filesystem"; readonly uri: string; readonly profile: string } {
  return { driver: "filesystem", uri: uriOf(folder), profile: profileIn(home) };
}

function uriOf(folder: string): string {
  return pathToFileURL(resolve(folder)).href;
}

function profileIn(home: string): string {
  return join(home, "conf", "filesystem_offload_core_site.xml");
}
