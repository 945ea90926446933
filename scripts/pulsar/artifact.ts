import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { output } from "./output.ts";

/** A `.tar.gz` or `.jar` on Maven Central. */
export interface Artifact {
  /** `group:artifact:version:type[:classifier]` */
  readonly coordinates: string;
  /** Absent: Maven's own checksum is all that is looked at. */
  readonly sha256?: string;
  readonly megabytes: number;
}

const copyGoal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";

/**
 * Where the artifact is unpacked: fetched through Maven (with its settings and mirrors) the first time, verified, and kept in the user's cache folder.
 *
 * @param without folders of the archive that are not kept
 * @throws Error with a sentence that says what to do
 */
export async function unpacked(
  artifact: Artifact,
  say: (line: string) => void,
  without: readonly string[] = [],
): Promise<string> {
  const [, name = "", version = ""] = artifact.coordinates.split(":");
  const folder = join(cache(), `${name}-${version}`);
  if (existsSync(folder)) return folder;
  const download = newDownload();
  try {
    const archive = await fetched(artifact, download, say);
    const partial = join(download, "unpacked");
    mkdirSync(partial);
    say(`Unpacking ${name} ${version}…`);
    await output("tar", ["-xzf", archive, "-C", partial, "--strip-components=1"]);
    // Not left out while unpacking: other files may be links to what they hold.
    for (const name of without) rmSync(join(partial, name), { recursive: true });
    // In one step, so that what is there is whole; another process may have been faster.
    if (!existsSync(folder)) renameSync(partial, folder);
    return folder;
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
}

/**
 * A `.jar`, fetched, verified and kept as `unpacked` does.
 *
 * @throws Error with a sentence that says what to do
 */
export async function fetchedJar(artifact: Artifact, say: (line: string) => void): Promise<string> {
  const [, name = "", version = ""] = artifact.coordinates.split(":");
  const file = join(cache(), `${name}-${version}.jar`);
  if (existsSync(file)) return file;
  const download = newDownload();
  try {
    renameSync(await fetched(artifact, download, say), file);
    return file;
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
}

function cache(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "downbeat");
}

function newDownload(): string {
  const folder = join(cache(), `download-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

async function fetched(artifact: Artifact, folder: string, say: (line: string) => void): Promise<string> {
  const [, name, version, type, classifier] = artifact.coordinates.split(":");
  say(`Fetching ${name} ${version} through Maven, once (${artifact.megabytes} MB)…`);
  // Maven draws its own progress bar on a terminal.
  const quiet = process.stderr.isTTY ? [] : ["-q", "-B"];
  const maven = spawn(
    "mvn",
    [...quiet, "-C", copyGoal, `-Dartifact=${artifact.coordinates}`, `-DoutputDirectory=${folder}`],
    { stdio: ["ignore", process.stderr.isTTY ? "inherit" : "ignore", "inherit"] },
  );
  const [code] = await once(maven, "exit").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT")
      throw new Error("Maven is missing: install it (`mvn` must be on the PATH) and start again.");
    throw error;
  });
  if (code !== 0)
    throw new Error(
      `Maven could not fetch ${artifact.coordinates}; what it says is above. Is there a way to Maven Central?`,
    );
  const archive = join(
    folder,
    `${name}-${version}${classifier === undefined ? "" : `-${classifier}`}.${type}`,
  );
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(archive)) hash.update(chunk);
  const found = hash.digest("hex");
  if (artifact.sha256 === undefined)
    say(`Its SHA-256 is ${found}; it is not among those that are known here.`);
  else if (found !== artifact.sha256)
    throw new Error(
      `What Maven fetched as ${artifact.coordinates} is not what it should be (SHA-256 ${found}); it is not used.`,
    );
  return archive;
}
