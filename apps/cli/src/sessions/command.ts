import { join } from "node:path";
import { endSessionsOf, localIssuer } from "@downbeat/access";
import { Command } from "commander";
import { dataDirOption } from "../backup/data-option.ts";
import { printLine, printNote } from "../output/print.ts";
import { orFailure } from "../users/access-option.ts";
import { listSessionsCommand } from "./list.ts";
import { idOfNamed, signInFolder } from "./sign-in-folder.ts";

export function sessionsCommand(): Command {
  return new Command("sessions")
    .description("Sessions of people who signed in")
    .addCommand(listSessionsCommand())
    .addCommand(
      new Command("end")
        .description(
          "End all of a person's sessions, on every device and on the command line, within a second. They may sign in again; nobody else is signed out",
        )
        .argument("<person>", "as shown in history: local|ada, or https://login.example.com|00u1")
        .addOption(dataDirOption("where the server keeps what it knows"))
        .action(endSessions),
    );
}

function endSessions(person: string, { dataDir }: { readonly dataDir: string }): void {
  const id = idOfNamed(person);
  orFailure(() =>
    endSessionsOf(join(signInFolder(dataDir, "nothing was ended"), "people.json"), id, Date.now()),
  );
  printLine(`All that ${id} began is ended. They may sign in again.`);
  if (!id.startsWith(`${localIssuer}|`))
    printNote(
      "End their sign-ins at the provider, too, and revoke their refresh tokens: where its tokens don't say when somebody signed in (auth_time), the command line is let in again with the next one that renews its sign-in.",
    );
}
