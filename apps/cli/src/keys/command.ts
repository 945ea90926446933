import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { parseJsonFile, type RecordKeysFile, readRecordKeys, recordKeysFile } from "@downbeat/protocol";
import { Command } from "commander";
import { CommandFailure } from "../failure.ts";
import { printJson, printLine, printNote } from "../output/print.ts";
import { table } from "../output/table.ts";

export function keysCommand(): Command {
  return new Command("keys")
    .description("The file of keys that engines sign history records with, and readers check them with")
    .addCommand(
      new Command("new")
        .description("Create the file with a signing key, or add a key that only checks for now")
        .argument(
          "<file>",
          "readable by its owner alone; named by DOWNBEAT_RECORD_KEYS_FILE for engines and servers",
        )
        .option("--id <id>", "name of the key beside each record; by default a generated one")
        .option("--never-unsigned", "for a new log: records that are not signed don't count")
        .action(newKey),
    )
    .addCommand(
      new Command("sign")
        .description("Sign with this key of the file from now on, once every engine and server has it")
        .argument("<file>")
        .argument("<id>", "its name in keys list")
        .action(signWith),
    )
    .addCommand(
      new Command("list")
        .description("List the keys of the file; never a secret")
        .argument("<file>")
        .option("--json", "print the answer as JSON", false)
        .action(listKeys),
    );
}

function newKey(file: string, given: { readonly id?: string; readonly neverUnsigned?: boolean }): void {
  const id = given.id ?? `key-${randomBytes(4).toString("hex")}`;
  const secret = randomBytes(32).toString("base64");
  if (!existsSync(file)) {
    const unsigned = given.neverUnsigned === true ? "never" : "untilSigned";
    write(file, checked({ unsigned, keys: [{ id, secret, signs: true }] }), true);
    printLine(id);
    return printNote(
      `${file} has the key ${id}, which signs. Where engines run already, give the file to every server first, then to engines: see docs/security.md.`,
    );
  }
  if (given.neverUnsigned === true)
    throw new CommandFailure("usage", `--never-unsigned is for a new file, and ${file} is there.`);
  const { keys, ...rest } = read(file);
  write(file, checked({ ...rest, keys: [...keys, { id, secret, signs: false }] }));
  printLine(id);
  printNote(
    `${id} checks, and doesn't sign yet. Once every engine and server was started with this file: downbeat keys sign ${file} ${id}. Keep the keys before it as long as what they signed.`,
  );
}

function signWith(file: string, id: string): void {
  const { keys, ...rest } = read(file);
  if (!keys.some((key) => key.id === id))
    throw new CommandFailure(
      "notFound",
      `There is no key ${id} in ${file}; downbeat keys list shows those that there are.`,
    );
  write(file, checked({ ...rest, keys: keys.map((key) => ({ ...key, signs: key.id === id })) }));
  printLine(`${id} signs what engines write that are started from now on.`);
}

function listKeys(file: string, { json }: { readonly json: boolean }): void {
  const { unsigned, keys } = read(file);
  if (json) return printJson({ unsigned, keys: keys.map(({ id, signs }) => ({ id, signs })) });
  printLine(
    table(
      ["ID", ""],
      keys.map(({ id, signs }) => [id, signs ? "signs" : "checks"]),
    ),
  );
  printLine(
    unsigned === "never"
      ? "No record counts that isn't signed."
      : "What isn't signed counts in each partition until its first signed record.",
  );
}

function read(file: string): RecordKeysFile {
  try {
    // Whose it is, and what is wrong with it, as engines and servers find it.
    readRecordKeys(file);
    return recordKeysFile.parse(parseJsonFile(readFileSync(file, "utf8")));
  } catch (error) {
    throw new CommandFailure("usage", (error as Error).message);
  }
}

function checked(file: RecordKeysFile): RecordKeysFile {
  const parsed = recordKeysFile.safeParse(file);
  if (parsed.success) return parsed.data;
  throw new CommandFailure("usage", `The key can't be so: ${parsed.error.issues[0]?.message}.`);
}

/** Whole or not at all: without its keys nobody believes what they signed. */
function write(file: string, content: RecordKeysFile, isNew = false): void {
  const fresh = isNew ? file : `${file}.new`;
  try {
    const opened = openSync(fresh, isNew ? "wx" : "w", 0o600);
    try {
      writeFileSync(opened, `${JSON.stringify(content, undefined, 2)}\n`);
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
    if (!isNew) renameSync(fresh, file);
  } catch (error) {
    throw new CommandFailure("failed", `${file} can't be written: ${(error as Error).message}.`);
  }
}
