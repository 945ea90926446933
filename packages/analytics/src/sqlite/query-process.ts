import { type ChildProcess, fork } from "node:child_process";
import { constants, setPriority } from "node:os";
import type { AdHocQuery, ResultTable } from "@downbeat/cold-history";
import { ColdError } from "@downbeat/cold-history";
import type { FromProcess } from "./process-messages.ts";

const program = new URL("./process.ts", import.meta.url);

/** A process that answers queries to one file, one at a time. Started when it is made, so that it is up when a query comes. */
export class QueryProcess {
  readonly #child: ChildProcess;
  #ended = false;

  constructor(path: string) {
    // Nothing of this process's environment is of use there.
    this.#child = fork(program, [path], {
      env: { NODE_ENV: "production" },
      execArgv: ["--max-old-space-size=512"],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#child.on("error", () => this.end());
    this.#child.once("exit", () => {
      this.#ended = true;
    });
    yieldToOthers(this.#child.pid);
    // An idle process keeps nothing else alive.
    this.#child.unref();
    this.#child.channel?.unref();
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Rejects with a `ColdError`, or with an error that has SQLite's `errcode` when the file is damaged. */
  query(query: AdHocQuery): Promise<ResultTable> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#child.off("message", onMessage);
        this.#child.off("exit", onExit);
        this.#child.channel?.unref();
      };
      const onMessage = (message: FromProcess): void => {
        settle();
        if (message.type === "answer") resolve(message.table);
        else reject(errorOf(message));
      };
      const onExit = (): void => {
        settle();
        reject(
          new ColdError("failed", "The query's process ended; most likely the query needed too much memory."),
        );
      };
      if (this.#ended || !this.#child.connected) return onExit();
      this.#child.channel?.ref();
      this.#child.on("message", onMessage);
      this.#child.once("exit", onExit);
      this.#child.send(query);
    });
  }

  /** At once, whatever it is doing. */
  end(): void {
    this.#ended = true;
    this.#child.kill("SIGKILL");
  }
}

/** People's own queries wait for the machine, not the dashboard and the engine for them. */
function yieldToOthers(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already, or the system does not let us: it runs all the same.
  }
}

function errorOf(message: Exclude<FromProcess, { type: "answer" }>): Error {
  if (message.type === "broken")
    return Object.assign(new Error(message.message), { errcode: message.errcode });
  const { code, line, column } = message;
  return new ColdError(code, message.message, { line, column });
}
