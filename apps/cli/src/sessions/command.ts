import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { endSessionsOf, idOfPerson, localIssuer, personId } from "@downbeat/access";
import { Command } from "commander";
import { dataDirOption } from "../backup/data-option.ts";
import { CommandFailure } from "../failure.ts";
import { printLine, printNote } from "../output/print.ts";
import { orFailure } from "../users/access-option.ts";

export function sessionsCommand(): Command {
  return new Command("sessions")
    .description("What people began by signing in")
    .addCommand(
      new Command("end")
        .description(
          "Ends all that one person began by signing in, on whatever device and by the command line, within a second. They may sign in again. Nobody else is signed out",
        )
        .argument("<person>", "as history has them: local|ada, or https://login.example.com|00u1")
        .addOption(dataDirOption("where the server keeps what it knows"))
        .action(endSessions),
    );
}

function endSessions(person: string, { dataDir }: { readonly dataDir: string }): void {
  const parsed = personId.safeParse(person);
  if (!parsed.success)
    throw new CommandFailure("usage", `${person} is nobody's id: ${parsed.error.issues[0]?.message}.`);
  const id = idOfPerson(parsed.data);
  orFailure(() => {
    if (!hasServer(dataDir)) throw new CommandFailure("usage", nobodyHere(dataDir));
    endSessionsOf(join(dataDir, "sign-in", "people.json"), id, Date.now());
  });
  printLine(`All that ${id} began is ended. They may sign in again.`);
  if (!id.startsWith(`${localIssuer}|`))
    printNote(
      "End their sign-ins at the provider, too, and revoke their refresh tokens: where its tokens don't say when somebody signed in (auth_time), the command line is let in again with the next one that renews its sign-in.",
    );
}

/** Whether a server at which people sign in has kept its key there. */
function hasServer(dataDir: string): boolean {
  return statSync(join(dataDir, "sign-in", "key"), { throwIfNoEntry: false }) !== undefined;
}

function nobodyHere(dataDir: string): string {
  const ofClusters = ofClustersIn(join(dataDir, "pulsar")).filter(hasServer);
  const hint =
    ofClusters.length === 0
      ? "Give the server's own with --data-dir."
      : `One is in ${ofClusters.join(" and in ")}: give that with --data-dir.`;
  return `Nobody signs in at a server with the data directory ${dataDir}: there is no sign-in/key in it, so nothing was ended. ${hint}`;
}

/** Where `start` has servers of a cluster keep what they know. */
function ofClustersIn(directory: string): readonly string[] {
  if (statSync(directory, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(directory).map((each) => join(directory, each));
}
