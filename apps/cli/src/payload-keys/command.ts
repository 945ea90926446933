import { existsSync } from "node:fs";
import { newPayloadKey, payloadSubject } from "@downbeat/protocol";
import { Command } from "commander";
import { CommandFailure } from "../failure.ts";
import { label } from "../input/options.ts";
import { printJson, printLine, printNote } from "../output/print.ts";
import { table } from "../output/table.ts";
import { changed, read } from "./key-file.ts";

export function payloadKeysCommand(): Command {
  return new Command("payload-keys")
    .description("The file of keys that workers and clients encrypt payloads with")
    .addCommand(
      new Command("new")
        .description("Create the file with a key, or add one; the newest key of a label's value encrypts")
        .argument(
          "<file>",
          "readable by its owner alone; named by keysFromFile() and DOWNBEAT_PAYLOAD_KEYS_FILE",
        )
        .option("--id <id>", "name of the key beside each payload; by default a generated one")
        .option(
          "--label <key=value>",
          "only for runs with this label; by default for all that have no key of their own",
          (text) => label(text),
        )
        .option(
          "--decrypts-only",
          "don't encrypt with it yet: for files that are copied, until every process has it",
          false,
        )
        .action(newKey),
    )
    .addCommand(
      new Command("encrypt")
        .description("Encrypt with this key from now on, once every worker and client has it")
        .argument("<file>")
        .argument("<id>", "its name in payload-keys list")
        .action(encryptWith),
    )
    .addCommand(
      new Command("list")
        .description("List the keys of the file; never a secret")
        .argument("<file>")
        .option("--json", "print the answer as JSON", false)
        .action(listKeys),
    );
}

interface NewOptions {
  readonly id?: string;
  readonly label?: Readonly<Record<string, string>>;
  readonly decryptsOnly: boolean;
}

async function newKey(file: string, { id, label: whose = {}, decryptsOnly }: NewOptions): Promise<void> {
  const [[name, value] = []] = Object.entries(whose);
  const subject = name === undefined || value === undefined ? undefined : payloadSubject(name, value);
  const key = newPayloadKey(id, subject, !decryptsOnly);
  const isNew = !existsSync(file);
  await changed(file, (keys) => [...keys, key]);
  printLine(key.id);
  const whom =
    subject === undefined ? "runs that have no key of their own" : `runs with the label ${subject}`;
  printNote(
    isNew
      ? `${file} has the key ${key.id}, for ${whom}. Keep a copy of the file: nobody can read without its key what it encrypted.`
      : decryptsOnly
        ? `${key.id} decrypts, and doesn't encrypt yet. Once every worker, client and server has the file: downbeat payload-keys encrypt ${file} ${key.id}.`
        : `${key.id} encrypts payloads of ${whom} from now on. Keep the keys before it as long as anybody is to read what they encrypted.`,
  );
}

async function encryptWith(file: string, id: string): Promise<void> {
  await changed(file, (keys) => {
    const key = keys.find((each) => each.id === id);
    if (key === undefined || "erasedAt" in key)
      throw new CommandFailure(
        "notFound",
        `There is no key ${id} in ${file}; downbeat payload-keys list shows those that there are.`,
      );
    // The last one of a subject does.
    return [...keys.filter((each) => each !== key), { ...key, encrypts: true }];
  });
  printLine(`${id} encrypts from now on.`);
}

function listKeys(file: string, { json }: { readonly json: boolean }): void {
  const keys = read(file);
  const newest = new Map<string, string>();
  for (const key of keys) if ("secret" in key && key.encrypts) newest.set(key.subject ?? "", key.id);
  const shown = keys.map((key) =>
    "erasedAt" in key
      ? { id: key.id, does: `erased ${key.erasedAt.slice(0, 10)}` }
      : {
          id: key.id,
          label: key.subject ?? "",
          does: newest.get(key.subject ?? "") === key.id ? "encrypts" : "decrypts",
        },
  );
  if (json) return printJson({ keys: shown });
  printLine(
    table(
      ["ID", "LABEL", ""],
      shown.map(({ id, label: of = "", does }) => [id, of, does]),
    ),
  );
}
