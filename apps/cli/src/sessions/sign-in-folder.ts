import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { idOfPerson, personId } from "@downbeat/access";
import { CommandFailure } from "../failure.ts";

/**
 * Where the server keeps what it knows of who signs in.
 *
 * @param so what comes of it where there is no such thing
 * @throws CommandFailure that says where to look
 */
export function signInFolder(dataDir: string, so: string): string {
  if (!hasServer(dataDir)) throw new CommandFailure("usage", nobodyHere(dataDir, so));
  return join(dataDir, "sign-in");
}

/**
 * As servers know whoever somebody wrote.
 *
 * @throws CommandFailure when it is nobody
 */
export function idOfNamed(person: string): string {
  const parsed = personId.safeParse(person);
  if (parsed.success) return idOfPerson(parsed.data);
  throw new CommandFailure("usage", `${person} is not a valid id: ${parsed.error.issues[0]?.message}.`);
}

/** Whether a server at which people sign in has kept its key there. */
function hasServer(dataDir: string): boolean {
  return statSync(join(dataDir, "sign-in", "key"), { throwIfNoEntry: false }) !== undefined;
}

function nobodyHere(dataDir: string, so: string): string {
  const ofClusters = ofClustersIn(join(dataDir, "pulsar")).filter(hasServer);
  const hint =
    ofClusters.length === 0
      ? "Give the server's own with --data-dir."
      : `One is in ${ofClusters.join(" and in ")}: give that with --data-dir.`;
  return `Nobody signs in at a server with the data directory ${dataDir}: there is no sign-in/key in it, so ${so}. ${hint}`;
}

/** Where `start` has servers of a cluster keep what they know. */
function ofClustersIn(directory: string): readonly string[] {
  if (statSync(directory, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(directory).map((each) => join(directory, each));
}
