import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import type { FromChild, ToChild } from "./child.ts";
import type { CodeHome } from "./code-home.ts";
import type { Tally } from "./play.ts";
import type { Program } from "./program.ts";
import { programOf, programs, seedOf } from "./programs.ts";
import type { Finding } from "./stage.ts";

export interface FuzzOptions {
  readonly home: CodeHome;
  readonly seed: number;
  /** Number of the first program. */
  readonly from: number;
  readonly count: number;
  /** Programs at once. */
  readonly width: number;
  readonly say: (line: string) => void;
}

/** A program that hurt something, alone or with those beside it. */
export interface Culprit {
  readonly numbers: readonly number[];
  readonly findings: readonly Finding[];
}

const batchesPerChild = 12;
const silenceMs = 300_000;

/** Plays programs in processes of their own. */
export async function fuzz(options: FuzzOptions): Promise<{
  readonly culprits: readonly Culprit[];
  readonly tally: Tally;
}> {
  const { home, seed, from, count, width, say } = options;
  const culprits: Culprit[] = [];
  const tally: Record<string, number> = {};
  let next = from;
  while (next < from + count) {
    const first = next;
    const child = new Child(home);
    for (let batch = 0; batch < batchesPerChild && next < from + count && child.lives; batch++) {
      const numbers = Array.from(
        { length: Math.min(width, from + count - next) },
        (_, index) => next + index,
      );
      next += numbers.length;
      const findings = await child.play(
        numbers.map((number) => programOf(seed, number, home)),
        batch % 4 === 3,
      );
      if (findings.length > 0) {
        culprits.push({ numbers, findings });
        say(`programs ${numbers[0]} to ${numbers.at(-1)}: ${summary(findings)}`);
      }
    }
    const rest = await child.finish();
    if (rest.length > 0) {
      culprits.push({ numbers: [first], findings: rest });
      say(`programs ${first} to ${next - 1}, read again: ${summary(rest)}`);
    }
    for (const [shown, runs] of Object.entries(child.tally)) tally[shown] = (tally[shown] ?? 0) + runs;
    say(`${next - from} of ${count} programs played, seed ${seed}`);
  }
  return { culprits, tally };
}

/** One of the programs that does it alone, found by halving. */
export async function single(
  home: CodeHome,
  seed: number,
  numbers: readonly number[],
): Promise<number | undefined> {
  const played = numbers.map((number) => programOf(seed, number, home));
  if ((await together(home, played)).length === 0) return undefined;
  if (numbers.length === 1) return numbers[0];
  const half = Math.ceil(numbers.length / 2);
  return (await single(home, seed, numbers.slice(0, half))) ?? single(home, seed, numbers.slice(half));
}

/** The shortest program that still does it, of those that were tried. */
export async function shrunk(
  home: CodeHome,
  seed: number,
  number: number,
  withinMs: number,
): Promise<Program> {
  let smallest = programOf(seed, number, home);
  await fc.check(
    fc.asyncProperty(programs(`fuzz-${seed}-${number}`, home), async (program) => {
      const found = (await alone(home, program)).length > 0;
      if (found) smallest = program;
      return !found;
    }),
    { seed: seedOf(seed, number), numRuns: 1, interruptAfterTimeLimit: withinMs },
  );
  return smallest;
}

/** What it comes to when nothing else is played. */
export function alone(home: CodeHome, program: Program): Promise<readonly Finding[]> {
  return together(home, [program]);
}

async function together(home: CodeHome, played: readonly Program[]): Promise<readonly Finding[]> {
  const child = new Child(home);
  const findings = await child.play(played, true);
  return [...findings, ...(await child.finish())];
}

function summary(findings: readonly Finding[]): string {
  const [first] = findings;
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : "";
  return `${first?.kind}: ${first?.what.slice(0, 500)}${more}`;
}

class Child {
  readonly #process: ChildProcess;
  #findings: Finding[] = [];
  #done: (() => void) | undefined;
  #ready: Promise<void>;
  lives = true;
  readonly tally: Record<string, number> = {};

  constructor(home: CodeHome) {
    this.#process = fork(join(import.meta.dirname, "child.ts"), [home], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let errors = "";
    this.#process.stderr?.on("data", (data) => {
      errors = (errors + data).slice(-2_000);
    });
    this.#ready = new Promise((resolve) => {
      this.#done = resolve;
    });
    this.#process.on("message", (message: FromChild) => {
      if (message.type === "found") return void this.#findings.push(message.finding);
      if (message.type === "played") this.#count(message.tally);
      this.#done?.();
    });
    this.#process.on("exit", (code, signal) => {
      this.lives = false;
      if (code !== 0)
        this.#findings.push({ kind: "death", what: `The process ended with ${code ?? signal}: ${errors}` });
      this.#done?.();
    });
  }

  async play(programs: readonly Program[], restarts: boolean): Promise<readonly Finding[]> {
    await this.#ready;
    return this.#send({ type: "play", programs, restarts });
  }

  async finish(): Promise<readonly Finding[]> {
    return this.lives ? this.#send({ type: "finish" }) : [];
  }

  #count(tally: Tally): void {
    for (const [shown, runs] of Object.entries(tally)) this.tally[shown] = (this.tally[shown] ?? 0) + runs;
  }

  async #send(message: ToChild): Promise<readonly Finding[]> {
    const done = new Promise<void>((resolve) => {
      this.#done = resolve;
    });
    if (this.lives) this.#process.send(message);
    else this.#done?.();
    const timer = setTimeout(() => {
      this.#findings.push({ kind: "death", what: `The process was silent for ${silenceMs / 1_000} s` });
      this.#process.kill("SIGKILL");
    }, silenceMs);
    await done;
    clearTimeout(timer);
    const findings = this.#findings;
    this.#findings = [];
    return findings;
  }
}
