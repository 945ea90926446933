import { ColdError } from "@downbeat/cold-history";
import { openReader, type Reader } from "./open-reader.ts";
import type { FromProcess, ToProcess } from "./process-messages.ts";
import { runQuery } from "./run-query.ts";

/**
 * Queries have a process of their own. A thread would not do: while SQLite works on one step of a query, which may be all of it, nothing in a thread
 * can be interrupted, and a server with such a thread can't even end. A process can be killed at any moment.
 */

const [path = ""] = process.argv.slice(2);
let reader: Reader | undefined;

function answer(query: ToProcess): FromProcess {
  try {
    reader ??= openReader(path);
    return { type: "answer", table: runQuery(reader, query) };
  } catch (error) {
    if (error instanceof ColdError) {
      const { code, message, line, column } = error;
      return { type: "refused", code, message, line, column };
    }
    const message = error instanceof Error ? error.message : String(error);
    const errcode = error instanceof Error && "errcode" in error ? Number(error.errcode) : undefined;
    return { type: "broken", message, errcode };
  }
}

process.on("message", (query: ToProcess) => process.send?.(answer(query)));
// Who asked is gone.
process.on("disconnect", () => process.exit(0));
