import { Session } from "node:inspector";
import { z } from "zod";
import { originalPlace } from "./original-place.ts";

export interface Standing {
  /** The run whose code it is. */
  readonly key?: string;
  /** Of the author's own code, the innermost. */
  readonly place?: { readonly file: string; readonly line: number };
}

/** A thread that runs is held as soon as a busy machine lets it run; one that waits in a call most likely never. */
const patience = { running: 10_000, asleep: 2_500 };

const attached = z.object({ sessionId: z.string(), workerInfo: z.object({ title: z.string() }) });
const received = z.object({ sessionId: z.string(), message: z.string() });
const parsed = z.object({
  method: z.literal("Debugger.scriptParsed"),
  params: z.object({ scriptId: z.string(), url: z.string() }),
});
const location = z.object({
  scriptId: z.string(),
  lineNumber: z.number(),
  columnNumber: z.number().optional(),
});
const paused = z.object({
  method: z.literal("Debugger.paused"),
  params: z.object({ callFrames: z.array(z.object({ callFrameId: z.string(), location })) }),
});
const evaluated = z.object({
  id: z.literal(3),
  result: z.object({ result: z.object({ value: z.string().optional() }) }),
});

/**
 * Holds a thread for a moment with the debugger, and sees where its code stands. Comes to nothing where that can't be: in a process that somebody debugs, on a
 * Node without an inspector, in a call that blocks.
 *
 * @param name that the thread was given
 * @param isAsleep it waits in a call: it is asked, in case, for less long
 */
export async function whereItStands(name: string, isAsleep = false): Promise<Standing> {
  let hold: Hold | undefined;
  try {
    hold = new Hold(name, isAsleep ? patience.asleep : patience.running);
    return await hold.standing;
  } catch {
    return {};
  } finally {
    hold?.release();
  }
}

class Hold {
  readonly standing: Promise<Standing>;
  readonly #session = new Session();
  readonly #timer: NodeJS.Timeout;
  readonly #scripts = new Map<string, string>();
  #found: Standing = {};
  #resolve: (standing: Standing) => void = () => {};
  #thread: string | undefined;

  constructor(name: string, withinMs: number) {
    this.standing = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#timer = setTimeout(() => this.#resolve(this.#found), withinMs);
    this.#session.connect();
    this.#session.on("NodeWorker.attachedToWorker", ({ params }) => {
      const { data } = attached.safeParse(params);
      if (data?.workerInfo.title.endsWith(` ${name}`) !== true) return;
      this.#thread = data.sessionId;
      this.#post(1, "Debugger.enable");
      this.#post(2, "Debugger.pause");
    });
    this.#session.on("NodeWorker.receivedMessageFromWorker", ({ params }) => {
      const { data } = received.safeParse(params);
      if (data?.sessionId === this.#thread && data !== undefined) this.#hear(JSON.parse(data.message));
    });
    this.#session.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
  }

  /** A thread that is held could not even be ended. */
  release(): void {
    clearTimeout(this.#timer);
    this.#post(4, "Debugger.resume");
    this.#post(5, "Debugger.disable");
    this.#session.disconnect();
  }

  #hear(message: unknown): void {
    const script = parsed.safeParse(message);
    if (script.success) return void this.#scripts.set(script.data.params.scriptId, script.data.params.url);
    const held = paused.safeParse(message);
    if (held.success) {
      const { callFrames } = held.data.params;
      const place = this.#authorsPlace(callFrames.map(({ location }) => location));
      this.#found = place === undefined ? {} : { place };
      const expression = 'globalThis[Symbol.for("downbeat.runAtWork")]?.() ?? ""';
      const callFrameId = callFrames[0]?.callFrameId;
      this.#post(3, "Debugger.evaluateOnCallFrame", { callFrameId, expression, returnByValue: true });
      return;
    }
    const answer = evaluated.safeParse(message);
    if (!answer.success) return;
    const key = answer.data.result.result.value ?? "";
    this.#resolve({ ...this.#found, ...(key !== "" && { key }) });
  }

  #post(id: number, method: string, params: object = {}): void {
    if (this.#thread === undefined) return;
    const message = JSON.stringify({ id, method, params });
    this.#session.post("NodeWorker.sendMessageToWorker", { sessionId: this.#thread, message });
  }

  #authorsPlace(locations: readonly z.output<typeof location>[]): Standing["place"] {
    const places = locations.flatMap(({ scriptId, lineNumber, columnNumber }) => {
      const file = this.#scripts.get(scriptId);
      return file?.startsWith("file:") === true ? { file, line: lineNumber + 1, columnNumber } : [];
    });
    const place = places.find(({ file }) => !file.includes("/node_modules/")) ?? places[0];
    return place && originalPlace(place, place.columnNumber);
  }
}
