import { setTimeout as pause, setImmediate } from "node:timers/promises";
import {
  type Alerts,
  type AlertWatching,
  judge,
  type Measured,
  type Measurement,
  measure,
  type OwedNotice,
  type SavedRule,
} from "@downbeat/api";
import type { MessageLog } from "@downbeat/message-log";
import { longestAlertSentence } from "@downbeat/protocol";
import type { Logger } from "pino";
import type { ConfiguredChannels } from "./channels.ts";
import type { AlertNote } from "./note.ts";
import { repeatedEveryMs } from "./send-alertmanager.ts";
import { Turn } from "./turn.ts";

export interface AlertWatchOptions {
  readonly log: MessageLog;
  readonly alerts: Pick<Alerts, "known" | "upToNow" | "append">;
  readonly measured: Measured;
  readonly channels: Pick<ConfiguredChannels, "send" | "repeats" | "page">;
  /** `tenant/namespace` */
  readonly namespace: string;
  readonly logger: Logger;
  /** What else is for one server at a time. */
  readonly onTurn?: (signal: AbortSignal) => void;
  readonly now?: () => number;
  /** How often it looks, ms. */
  readonly everyMs?: number;
  /** Waits between the tries to tell somebody, ms; then it has failed. */
  readonly pausesMs?: readonly number[];
}

/** Some thirteen minutes in all: a chat that is down for longer is told of nothing. */
const defaultPausesMs = [5_000, 30_000, 120_000, 600_000];
/** Of the server's time, all rules together take one part in so many. */
const seldomTimesTook = 20;
const ruleIsGone: Measurement = { is: "right", sentence: "" };

/** Looks whether what rules are about holds, writes down what begins and ends, and tells people. Of all servers of a namespace one at a time. */
export class AlertWatch {
  readonly #o: AlertWatchOptions;
  readonly #now: () => number;
  readonly #turn: Turn;
  /** Of rules that are well, since when. */
  readonly #calm = new Map<string, number>();
  readonly #unknown = new Map<string, string>();
  readonly #underWay = new Set<string>();
  /** What was found of a rule last, and until when that is good enough, on the process's own clock. */
  readonly #measured = new Map<
    string,
    { readonly of: SavedRule; readonly found: Measurement; readonly until: number }
  >();
  /** When a channel that wants to be told again was, by incident and channel. */
  readonly #repeated = new Map<string, number>();
  #lookedAt: number | undefined;
  #trouble: string | undefined;

  constructor(options: AlertWatchOptions) {
    this.#o = options;
    this.#now = options.now ?? Date.now;
    this.#turn = new Turn({
      log: options.log,
      onTurn: (signal) => {
        void this.#look(signal);
        options.onTurn?.(signal);
      },
    });
  }

  get watching(): AlertWatching {
    const trouble = this.#turn.trouble ?? this.#trouble;
    return {
      is: this.#turn.state,
      ...(trouble !== undefined && { trouble }),
      ...(this.#lookedAt !== undefined && { lookedAt: this.#lookedAt }),
      unknown: this.#unknown,
    };
  }

  close(): Promise<void> {
    return this.#turn.close();
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { logger, everyMs = 5_000 } = this.#o;
    this.#calm.clear();
    while (!signal.aborted) {
      try {
        await this.#lookOnce(signal);
        this.#trouble = undefined;
        this.#lookedAt = this.#now();
      } catch (error) {
        const { message } = error as Error;
        if (this.#trouble !== message) logger.warn({ err: error }, "alerts can't be looked after");
        this.#trouble = message;
      }
      await pause(everyMs, undefined, { signal, ref: false }).catch(() => {});
    }
    this.#unknown.clear();
  }

  async #lookOnce(signal: AbortSignal): Promise<void> {
    const { alerts } = this.#o;
    const fold = await alerts.upToNow();
    const ruleIds = new Set([...fold.rules, ...fold.open].map(({ ruleId }) => ruleId));
    for (const ruleId of [...this.#unknown.keys(), ...this.#measured.keys()]) {
      if (ruleIds.has(ruleId)) continue;
      this.#unknown.delete(ruleId);
      this.#measured.delete(ruleId);
    }
    for (const ruleId of ruleIds) {
      // Answers and followers come in between.
      await setImmediate();
      if (signal.aborted) return;
      const saved = fold.of(ruleId);
      const measurement = saved === undefined ? ruleIsGone : await this.#measure(ruleId, saved);
      const { is, sentence } = measurement;
      if (is === "unknown") this.#unknown.set(ruleId, sentence);
      else this.#unknown.delete(ruleId);
      if (is !== "right") this.#calm.delete(ruleId);
      else if (!this.#calm.has(ruleId)) this.#calm.set(ruleId, this.#now());
      const calmSince = this.#calm.get(ruleId);
      const open = fold.openOf(ruleId);
      const number = fold.numberOf(ruleId);
      const found = judge(ruleId, { saved, open, number, measurement, calmSince }, this.#now());
      if (found !== undefined && !signal.aborted)
        await alerts.append({ ...found, sentence: found.sentence.slice(0, longestAlertSentence) });
    }
    for (const notice of fold.owed(this.#now())) void this.#tell(notice, signal);
    this.#repeat(signal);
  }

  /** What takes long is looked at the more seldom: all of the server's answers come from this thread. */
  async #measure(ruleId: string, saved: SavedRule): Promise<Measurement> {
    const known = this.#measured.get(ruleId);
    const began = performance.now();
    if (known?.of === saved && began < known.until) return known.found;
    const found = await measure(this.#o.measured, saved.rule.condition);
    const ended = performance.now();
    const rules = this.#o.alerts.known.rules.length;
    this.#measured.set(ruleId, {
      of: saved,
      found,
      until: ended + (ended - began) * seldomTimesTook * rules,
    });
    return found;
  }

  async #tell(notice: OwedNotice, signal: AbortSignal): Promise<void> {
    const { alerts, channels, logger, pausesMs = defaultPausesMs } = this.#o;
    const { incident, of, channel } = notice;
    const key = keyOf(notice);
    if (this.#underWay.has(key)) return;
    this.#underWay.add(key);
    const about = { ruleId: incident.ruleId, number: incident.number, of, channel } as const;
    try {
      let problem: string | undefined;
      let refused: string | undefined;
      for (const wait of [0, ...pausesMs]) {
        if (wait > 0) await pause(wait, undefined, { signal, ref: false });
        // Over meanwhile, silenced, or somebody else's to tell.
        if (signal.aborted || !alerts.known.owed(this.#now()).some((each) => keyOf(each) === key)) return;
        problem = await channels.send(channel, this.#noteOf(notice)).then(
          (some) => {
            refused = some;
            return undefined;
          },
          (error: Error) => error.message,
        );
        if (problem === undefined) break;
        logger.warn({ ...about, problem }, "an alert could not be delivered");
      }
      // Who refused it would refuse it again, and the others have it.
      if (refused !== undefined) logger.warn({ ...about, problem: refused }, "an alert did not reach all");
      const said = problem ?? refused;
      await alerts.append({
        type: "notified",
        ...about,
        at: this.#now(),
        outcome: problem === undefined ? "delivered" : "failed",
        ...(said !== undefined && { problem: said.slice(0, longestAlertSentence) }),
      });
      if (of === "opened")
        this.#repeated.set(`${incident.ruleId}/${incident.number}/${channel}`, this.#now());
    } catch (error) {
      // Its turn is over, or the log is away: whoever looks next tells it again.
      if (!signal.aborted) logger.warn({ err: error, ...about }, "an alert could not be written down");
    } finally {
      this.#underWay.delete(key);
    }
  }

  #repeat(signal: AbortSignal): void {
    const { alerts, channels, logger } = this.#o;
    const { open } = alerts.known;
    const wanted = new Set<string>();
    for (const incident of open) {
      for (const { channel, of, outcome } of incident.notices) {
        if (of !== "opened" || outcome !== "delivered" || !channels.repeats(channel)) continue;
        const key = `${incident.ruleId}/${incident.number}/${channel}`;
        wanted.add(key);
        if (this.#now() - (this.#repeated.get(key) ?? 0) < repeatedEveryMs) continue;
        this.#repeated.set(key, this.#now());
        if (signal.aborted) return;
        void channels
          .send(channel, this.#noteOf({ incident, of: "opened", channel }))
          .catch((error: Error) =>
            logger.warn({ channel, problem: error.message }, "an alert could not be repeated"),
          );
      }
    }
    for (const key of this.#repeated.keys()) if (!wanted.has(key)) this.#repeated.delete(key);
  }

  #noteOf({ incident, of }: OwedNotice): AlertNote {
    const { ruleId, number, name, sentence, openedAt, resolvedAt, resolution } = incident;
    return {
      id: `${ruleId}/${number}`,
      of,
      namespace: this.#o.namespace,
      ruleId,
      name,
      sentence: of === "opened" ? sentence : (resolution ?? sentence),
      openedAt,
      resolvedAt: of === "resolved" ? resolvedAt : undefined,
      url: this.#o.channels.page,
    };
  }
}

function keyOf({ incident: { ruleId, number }, of, channel }: OwedNotice): string {
  return `${ruleId}/${number}/${of}/${channel}`;
}
