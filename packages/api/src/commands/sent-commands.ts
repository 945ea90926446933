import { createHash } from "node:crypto";
import { partitionOf, type RunCommand } from "@downbeat/domain";
import type { MessageLog } from "@downbeat/message-log";
import { isReadPast, subscriptions, topics } from "@downbeat/protocol";
import type { ProjectionFeed } from "@downbeat/read-model";
import type { ActionView } from "../views.ts";

interface Sent {
  readonly view: ActionView;
  /** Of all that was asked for. */
  readonly digest: string;
  readonly receiptAt: number;
  /** Records left out at that time: an answer may stand in one that comes later. */
  readonly leftOut: number;
  /** When the inbox was first seen to be read past it. */
  pastAt?: number | undefined;
}

interface Parts {
  readonly log: Pick<MessageLog, "backlogOf" | "partitionsOf">;
  readonly feed: Pick<ProjectionFeed, "freshness" | "status">;
  readonly now: () => number;
}

/** The oldest give way to new ones. */
const mostKept = 10_000;
/** How often the log is asked for the same command. */
const askEveryMs = 2_000;
/** Between the inbox being read past a command and the word that it is lost: clocks of log and server may differ a little. */
const graceMs = 3_000;

/**
 * Commands that this server sent and history has not answered when their sender last looked: still pending, or lost, because the inbox was read past them
 * and all of history up to then holds no answer. Kept in memory only: after a restart nothing is known of them but what history holds.
 */
export class SentCommands {
  readonly #parts: Parts;
  readonly #sent = new Map<string, Sent>();
  readonly #asked = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Its receipt has just come. */
  add(view: ActionView, command: RunCommand): void {
    const { feed, now } = this.#parts;
    this.#sent.set(keyOf(view), {
      view,
      digest: digestOf(command),
      receiptAt: now(),
      leftOut: feed.status().leftOut,
    });
    for (const oldest of this.#sent.keys()) {
      if (this.#sent.size <= mostKept) break;
      this.#forget(oldest);
    }
  }

  /** History has answered it. */
  answered(action: Named): void {
    this.#forget(keyOf(action));
  }

  /** Whether the command, sent under the same id, asks for the same again. */
  isWhatWasSent(action: Named, command: RunCommand): boolean {
    return this.#sent.get(keyOf(action))?.digest === digestOf(command);
  }

  /** What is known of a command that history does not hold; `undefined` when this server did not send it. */
  async stateOf(action: Named): Promise<ActionView | undefined> {
    const key = keyOf(action);
    const sent = this.#sent.get(key);
    if (sent === undefined) return undefined;
    await this.#ask(key, sent);
    return this.#isLost(sent) ? { ...sent.view, outcome: { type: "lost" } } : sent.view;
  }

  async #ask(key: string, sent: Sent): Promise<void> {
    const { log, now } = this.#parts;
    if (now() - (this.#asked.get(key) ?? 0) < askEveryMs) return;
    this.#asked.set(key, now());
    try {
      const partition = partitionOf(sent.view.runId, await log.partitionsOf("inbox"));
      const backlog = await log.backlogOf(topics.inbox(partition), subscriptions.engine);
      if (isReadPast(backlog, sent.receiptAt)) sent.pastAt ??= now();
      else sent.pastAt = undefined;
    } catch {
      // Not known, or not any more: it stays pending.
      sent.pastAt = undefined;
    }
  }

  #isLost({ pastAt, leftOut }: Sent): boolean {
    const { feed, now } = this.#parts;
    if (pastAt === undefined || feed.status().leftOut > leftOut) return false;
    const { live, completeTo } = feed.freshness();
    return live && now() - pastAt > graceMs && completeTo > pastAt;
  }

  #forget(key: string): void {
    this.#sent.delete(key);
    this.#asked.delete(key);
  }
}

type Named = Pick<ActionView, "runId" | "actionId">;

const keyOf = ({ runId, actionId }: Named): string => JSON.stringify([runId, actionId]);

const digestOf = (command: RunCommand): string =>
  createHash("sha256").update(JSON.stringify(command)).digest("base64");
