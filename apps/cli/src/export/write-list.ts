import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { ExportUpdate } from "@downbeat/api/views";
import { plural } from "@downbeat/domain";
import { type Api, type ApiAddress, ask } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";
import { plainLines, printNote, printProgress } from "../output/print.ts";

export type AskedExport = Parameters<Api["lists"]["export"]["mutate"]>[0];

/** Writes a whole list, as it comes, to a file or to standard output. @throws CommandFailure where it is not whole */
export async function writeList(
  address: ApiAddress & { readonly out?: string },
  asked: AskedExport,
): Promise<void> {
  const { out } = address;
  const target = out === undefined ? toStdout() : toFile(out);
  try {
    await ask(address, async (api) => {
      const last = await writeAll(await api.lists.export.mutate(asked), target.write);
      if (last?.type !== "end")
        throw new CommandFailure("unreachable", "The answer broke off before its end.");
      if (last.cut !== undefined)
        throw new CommandFailure(
          "failed",
          `Not whole: it ends after ${plural(last.rows, "row")}. ${last.cut}`,
        );
      await target.keep();
      if (out !== undefined) printNote(`${out}: ${plural(last.rows, "row")}`);
    });
  } finally {
    await target.close();
  }
}

async function writeAll(
  updates: AsyncIterable<ExportUpdate>,
  write: (text: string) => Promise<void>,
): Promise<ExportUpdate | undefined> {
  let last: ExportUpdate | undefined;
  let of = "";
  for await (const update of updates) {
    last = update;
    if (update.text !== "") await write(update.text);
    if (update.type === "begin" && update.count !== undefined)
      of = ` of ${update.countIsLowerBound === true ? "at least " : ""}${update.count}`;
    if (update.type === "rows") printProgress(`${update.rows}${of} rows`);
  }
  printProgress("");
  return last;
}

interface Target {
  /** Resolves when more can be taken. */
  readonly write: (text: string) => Promise<void>;
  /** All of it is there. */
  readonly keep: () => Promise<void>;
  readonly close: () => Promise<void>;
}

function toStdout(): Target {
  const { stdout } = process;
  return {
    // A program gets what the server wrote; a terminal only shows it.
    async write(text) {
      if (!stdout.write(stdout.isTTY === true ? plainLines(text) : text)) await once(stdout, "drain");
    },
    keep: async () => {},
    close: async () => {},
  };
}

/** A file that is not whole is not kept. @throws CommandFailure */
function toFile(path: string): Target {
  const stream = createWriteStream(path, { flags: "wx" });
  let failure: Error | undefined;
  let isKept = false;
  stream.on("error", (error) => (failure = error));
  function check(): void {
    if (failure === undefined) return;
    const exists = "code" in failure && failure.code === "EEXIST";
    throw new CommandFailure(
      exists ? "usage" : "failed",
      exists
        ? `${path} is there already: name another file.`
        : `${path} can't be written: ${failure.message}`,
    );
  }
  return {
    async write(text) {
      check();
      await new Promise<void>((resolve) => stream.write(text, () => resolve()));
      check();
    },
    async keep() {
      await new Promise<void>((resolve) => stream.end(() => resolve()));
      check();
      isKept = true;
    },
    async close() {
      const isMine = failure === undefined || !("code" in failure) || failure.code !== "EEXIST";
      stream.destroy();
      if (!isKept && isMine) await rm(path, { force: true });
    },
  };
}
