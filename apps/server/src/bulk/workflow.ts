import {
  type BulkInput,
  bulkJobs,
  bulkWorkflow,
  keyOf,
  type ListInput,
  mostTargets,
  type PartInput,
  type PartOutput,
  steerSignal,
  type TargetPage,
  uniqueTargets,
} from "@downbeat/api";
import { BusinessError, job, type Run, workflow } from "@downbeat/sdk";
import { z } from "zod";
import { Steering } from "./steering.ts";
import { Tally } from "./tally.ts";

/** A server that can't carry it out, or dies, is no reason to give up: the next one goes on. */
const hands = {
  retry: { maxAttempts: 1_000_000, initialIntervalMs: 500, maxIntervalMs: 15_000 },
  startToCloseMs: 900_000,
  heartbeatMs: 30_000,
};

const list = job<ListInput, TargetPage>(bulkJobs.list, hands);
const act = job<PartInput, PartOutput>(bulkJobs.act, hands);
const look = job<PartInput, PartOutput>(bulkJobs.look, hands);

const steer = z.enum(["pause", "resume", "resumeHeld", "stop"]);
export type Steer = z.infer<typeof steer>;

/** Targets of a part. Its outcomes, a letter each, are far below what a job may give back. */
const partSize = 100;
/** At a rate, a part is what may be done in so long, ms. */
const beatMs = 5_000;
/** How long a part waits for outcomes, and how long a canary does, ms. */
const settleMs = 2_000;
const canaryMs = 120_000;
/** When outcomes that had not come are looked for again, ms after one another: ten minutes in all. */
const looksAfterMs = [1_000, 4_000, 10_000, 30_000, 60_000, 120_000, 180_000, 195_000];

export interface BulkResult {
  readonly targets: number;
  readonly sent: number;
}

type BulkRun = Run<{ [steerSignal]: typeof steer }>;

export const bulk = workflow(
  bulkWorkflow,
  { signals: { [steerSignal]: steer } },
  async (run, input: BulkInput): Promise<BulkResult> => new Bulk(run, input).carryOut(),
);

class Bulk {
  readonly #run: BulkRun;
  readonly #input: BulkInput;
  readonly #steering: Steering;
  readonly #tally = new Tally();

  constructor(run: BulkRun, input: BulkInput) {
    this.#run = run;
    this.#input = input;
    this.#steering = new Steering(() => run.signal(steerSignal));
  }

  async carryOut(): Promise<BulkResult> {
    const { canary, startAt } = this.#input.order;
    const targets = await this.#list();
    const total = { targets: targets.length };
    this.#say("listing", { targets: String(targets.length) });
    if (startAt !== undefined && startAt > this.#run.now().getTime()) {
      this.#say("scheduled");
      await this.#until(startAt);
    }
    let sent = 0;
    if (canary !== undefined && canary.size < targets.length && (await this.#mayGoOn("canary"))) {
      await this.#part(targets, 0, canary.size, canaryMs);
      sent = canary.size;
      if (this.#tally.open > 0) this.#hold("Some of the first targets have no outcome yet.");
    }
    while (sent < targets.length && (await this.#mayGoOn("sending"))) {
      const began = this.#run.now().getTime();
      const size = Math.min(this.#size, targets.length - sent);
      await this.#part(targets, sent, size, settleMs);
      sent += size;
      if (sent < targets.length) await this.#pace(began, size);
    }
    if (!this.#steering.isStopped) await this.#lookAgain(targets);
    this.#say(this.#steering.isStopped ? "stopped" : "done");
    return { ...total, sent };
  }

  /** The targets, fixed for good. */
  async #list() {
    const pages: TargetPage[] = [];
    const found = new Set<string>();
    let after: string | undefined;
    do {
      const page = await this.#run.job(list, { ...this.#input, ...(after !== undefined && { after }) });
      pages.push(page);
      after = page.cursor;
      for (const target of page.targets) found.add(keyOf(target));
      this.#refuseMore(found.size);
    } while (after !== undefined);
    return uniqueTargets(pages);
  }

  #refuseMore(count: number): void {
    const { atMost } = this.#input;
    if (atMost !== undefined && count > atMost)
      throw new BusinessError(
        "TooManyTargets",
        `By now there are more than ${atMost} targets, and acting on so many at once needs a second person. Nothing was done; start it again to ask for one.`,
      );
    if (count > mostTargets)
      throw new BusinessError("TooManyTargets", `There are more than ${mostTargets} targets.`);
  }

  async #part(targets: readonly TargetPage["targets"][number][], from: number, size: number, waitMs: number) {
    const { outcomes } = await this.#run.job(act, this.#partOf(targets, from, size, waitMs));
    this.#tally.take(from, outcomes);
    this.#say(undefined, { sent: String(from + size) });
    this.#watch();
  }

  #partOf(
    targets: readonly TargetPage["targets"][number][],
    from: number,
    size: number,
    waitMs: number,
  ): PartInput {
    const { verb, reason, output, signal } = this.#input.order;
    return {
      order: {
        verb,
        reason,
        ...(output !== undefined && { output }),
        ...(signal !== undefined && { signal }),
      },
      from,
      targets: targets.slice(from, from + size),
      waitMs,
    };
  }

  /** What had no outcome yet. A stop ends this, too; a pause does not, for nothing is done. */
  async #lookAgain(targets: readonly TargetPage["targets"][number][]): Promise<void> {
    for (const afterMs of looksAfterMs) {
      if (this.#tally.open === 0 || this.#steering.isStopped) return;
      this.#say("looking");
      await this.#steering.orStopped(this.#run.sleep(afterMs));
      for (const { from, size } of this.#tally.openParts) {
        if (this.#steering.isStopped) return;
        const { outcomes } = await this.#run.job(look, this.#partOf(targets, from, size, settleMs));
        this.#tally.take(from, outcomes);
      }
      this.#say("looking");
    }
  }

  get #size(): number {
    const { perMinute } = this.#input.order;
    if (perMinute === undefined) return partSize;
    return Math.max(1, Math.min(partSize, Math.floor((perMinute * beatMs) / 60_000)));
  }

  /** Waits until the part's share of the rate is over. */
  async #pace(began: number, size: number): Promise<void> {
    const { perMinute } = this.#input.order;
    if (perMinute !== undefined) await this.#until(began + (size * 60_000) / perMinute);
  }

  async #until(at: number): Promise<void> {
    const left = Math.ceil(at - this.#run.now().getTime());
    if (left > 0) await this.#steering.orStopped(this.#run.sleep(left));
  }

  /** Holds where too much fails; once a person has said to continue anyway, it is not asked again. */
  #watch(): void {
    const { canary } = this.#input.order;
    if (canary === undefined || this.#steering.isUrged) return;
    const { failed, settled } = this.#tally;
    if (settled === 0 || failed / settled <= canary.mostFailed) return;
    const percent = Math.round(canary.mostFailed * 100);
    this.#hold(`${failed} of ${settled} outcomes are failures; at most ${percent} % were allowed.`);
  }

  #hold(why: string): void {
    this.#steering.hold(why);
  }

  /** Waits while it is paused; whether there is anything more to do. */
  async #mayGoOn(state: "canary" | "sending"): Promise<boolean> {
    while (this.#steering.isWaiting) {
      const { why } = this.#steering;
      this.#say(why === "" ? "paused" : "held", { why });
      await this.#steering.news;
    }
    if (this.#steering.isStopped) return false;
    this.#say(state, { why: "" });
    return true;
  }

  /** Labels are pushed to every page that shows the run. */
  #say(state: string | undefined, more: Readonly<Record<string, string>> = {}): void {
    const labels = { ...this.#tally.labels, ...(state !== undefined && { state }), ...more };
    const news = Object.entries(labels).filter(([name, value]) => this.#said.get(name) !== value);
    if (news.length === 0) return;
    for (const [name, value] of news) this.#said.set(name, value);
    this.#run.setLabels(Object.fromEntries(news));
  }

  readonly #said = new Map<string, string>([["why", ""]]);
}
