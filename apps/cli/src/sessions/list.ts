import { join } from "node:path";
import { endedSince, type SignedInSession, signedInSessions } from "@downbeat/access";
import { Command } from "commander";
import { dataDirOption } from "../backup/data-option.ts";
import { printJson, printLine, printNote } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago, momentWords } from "../output/words.ts";
import { orFailure } from "../users/access-option.ts";
import { idOfNamed, signInFolder } from "./sign-in-folder.ts";

interface ListOptions {
  readonly dataDir: string;
  readonly json: boolean;
}

export function listSessionsCommand(): Command {
  return new Command("list")
    .description(
      "List who is signed in to the dashboard, with roles, since when, when they were last active, and when the session expires. Nothing in it lets anybody in",
    )
    .argument("[person]", "only this person: local|ada, or https://login.example.com|00u1")
    .addOption(dataDirOption("where the server keeps what it knows"))
    .option("--json", "print the answer as JSON", false)
    .action(listSessions);
}

function listSessions(person: string | undefined, { dataDir, json }: ListOptions): void {
  const only = person === undefined ? undefined : idOfNamed(person);
  const now = Date.now();
  const { sessions, unreadable } = orFailure(() => {
    const folder = signInFolder(dataDir, "nobody is known");
    const isEnded = endedSince(join(folder, "people.json"));
    return signedInSessions(
      join(folder, "signed-in"),
      now,
      ({ id, since }) => !isEnded(id, since) && (only === undefined || id === only),
    );
  });
  if (json) printJson({ sessions: sessions.map(viewOf), unreadable });
  else if (sessions.length === 0)
    printLine(only === undefined ? "Nobody is signed in." : `${only} is not signed in.`);
  else printLine(table(["WHO", "NAME", "ROLES", "SINCE", "SEEN", "UNTIL"], sessions.map(rowOf(now))));
  if (unreadable > 0)
    printNote(
      `${unreadable} ${unreadable === 1 ? "entry" : "entries"} of who is signed in can't be read: damaged, or written by a newer server.`,
    );
}

/** What is told, whatever else a server may write one day. */
function viewOf({ id, name, by, roles, since, seen, until }: SignedInSession) {
  return { id, name, by, roles, since, seen, until };
}

const rowOf =
  (now: number) =>
  ({ id, name, roles, since, seen, until }: SignedInSession): readonly string[] => [
    id,
    name,
    roles.map(({ role, in: places }) => `${role} in ${places.join(", ")}`).join("; ") || "no role",
    momentWords(since),
    now - seen < 60_000 ? "within a minute" : ago(seen, now),
    momentWords(until),
  ];
