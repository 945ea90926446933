import type { CodeLine, LinePlace } from "./code-log.ts";
import type { Logger } from "./logger.ts";

const mostRuns = 50_000;

/**
 * Says what workflow code writes, each line once: code may be asked the same again, in a thread that takes another's place, or because its coroutine was forgotten.
 */
export class SaidLines {
  readonly #logger: Logger;
  /** The last line of each run; the run that spoke longest ago first. */
  readonly #last = new Map<string, LinePlace>();
  #waiting: CodeLine[] = [];

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  readonly say = (line: CodeLine): void => {
    const { runId, workflow, level, fields, message, place } = line;
    if (!isAfter(place, this.#last.get(runId))) return;
    this.#last.delete(runId);
    this.#last.set(runId, place);
    for (const oldest of this.#last.keys()) {
      if (this.#last.size <= mostRuns) break;
      this.#last.delete(oldest);
    }
    // Ours come first, and are not overwritten.
    const ours = { runId, workflow };
    this.#logger[level](Object.assign({ ...ours }, fields, ours), message);
  };

  /** The same once the code that is running here has come to rest: a logger must find the process as it is outside of it. */
  readonly sayLater = (line: CodeLine): void => {
    if (this.#waiting.push(line) > 1) return;
    nextTick(() => {
      const lines = this.#waiting;
      this.#waiting = [];
      lines.forEach(this.say);
    });
  };
}

// Kept before a test runner can put another in its place.
const nextTick = process.nextTick.bind(process);

function isAfter(place: LinePlace, last: LinePlace | undefined): boolean {
  if (last === undefined) return true;
  const [resumed, seq, number] = place;
  const [lastResumed, lastSeq, lastNumber] = last;
  if (resumed !== lastResumed) return resumed > lastResumed;
  return seq !== lastSeq ? seq > lastSeq : number > lastNumber;
}
