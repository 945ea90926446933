import type { Patch } from "./patch.ts";

/** Of who decides in a partition, and on what. */
export const ownershipRules = {
  acceptRule: [
    {
      file: "fold.ts",
      find: "const reading = readHistory(this.cursor, message);",
      replace: `const record = readRecord(message);
    let reading = readHistory(this.cursor, message);
    if (reading.type === "leftOut" && !("unreadable" in record)) {
      const { epoch, count } = this.cursor;
      const cursor = { ...this.cursor, last: record.id, count: count + 1 };
      reading =
        record.kind === "claim"
          ? { type: "claim", record, cursor: { ...cursor, epoch: Math.max(epoch, record.epoch), owner: record.owner } }
          : { type: "decisions", record, cursor, isNewer: false };
    }`,
    },
    { file: "fold.ts", find: "  readHistory,\n}", replace: "  readHistory,\n  readRecord,\n}" },
    {
      file: "fold.ts",
      find: "const cursor = accept(this.cursor, record);",
      replace: "const cursor = { ...this.cursor, last: record.id, count: this.cursor.count + 1 };",
    },
  ],
  ownClaimReadBack: [
    {
      file: "ownership.ts",
      find: "this.#isDurable = true;",
      replace: "this.#isDurable = true;\n        this.#isReadBack = true;",
    },
    {
      file: "ownership.ts",
      find: "if (claim.id === this.#claim?.id) {",
      replace: `if (claim.id !== this.#claim?.id && this.#mode === "claiming" && claim.epoch === this.#claim?.epoch) {
        this.#isDurable = true;
        this.#isReadBack = true;
        return this.#maybeOwn(this.#claim);
      }
      if (claim.id === this.#claim?.id) {`,
    },
    {
      file: "tenure.ts",
      find: `if (this.#ownership.holds) this.drop("someone else's record was accepted");`,
      replace: "",
    },
    {
      file: "tenure.ts",
      find: "if (this.#isOurs(message)) this.#ownership.leftOut(reading.id, reading.reason);",
      replace: "",
    },
  ],
  stateUpToOwnClaim: [
    {
      file: "tenure.ts",
      find: "const reading = this.#fold.read(message, position);",
      replace: `const reading =
      this.mode === "claiming" ? this.#fold.skip(message, position) : this.#fold.read(message, position);`,
    },
    {
      file: "fold.ts",
      find: "/** As {@link read} for a record",
      replace: `skip(message: DatedMessage, position: Position): HistoryReading {
    const reading = readHistory(this.cursor, message);
    this.position = position;
    this.cursor = reading.cursor;
    return reading;
  }

  /** As {@link read} for a record`,
    },
  ],
  newClaimAfterError: [
    {
      file: "sessions.ts",
      find: 'import { because } from "./because.ts";',
      replace: `import { reconnectingProducer } from "@downbeat/message-log";
import { because } from "./because.ts";
import type { Clock } from "./clock.ts";`,
    },
    {
      file: "sessions.ts",
      find: "readonly inboxPrefetch: number;",
      replace: "readonly inboxPrefetch: number;\n  readonly clock: Clock;",
    },
    {
      // Sends again under the same claim what has no receipt.
      file: "sessions.ts",
      find: "this.#history = await this.#o.log.openProducer(topics.history(this.#o.partition), {",
      replace: `const { clock } = this.#o;
    this.#history = reconnectingProducer(this.#o.log, topics.history(this.#o.partition), {
      clock: { now: () => clock.monotonic(), setTimer: (run, ms) => clock.setTimer(ms, run) },
      random: () => clock.random(),`,
    },
  ],
  claimsOnlyOnMessage: [{ file: "ownership.ts", find: "if (!this.#messageSeen) return;", replace: "" }],
  // The next tenure takes the session over, and what was lost with the memory of the one before never comes again.
  dropClosesInbox: [
    {
      file: "sessions.ts",
      find: "export interface SessionsOptions {",
      replace: `const leftOpen = new WeakMap<MessageLog, Map<number, { consumer: Consumer; heir: Sessions }>>();

export interface SessionsOptions {`,
    },
    {
      file: "sessions.ts",
      find: "let opened: Consumer | undefined;",
      replace: `const left = leftOpen.get(this.#o.log)?.get(this.#o.partition);
    if (left !== undefined) {
      left.heir = this;
      this.#inbox = left.consumer;
      return;
    }
    let opened: Consumer | undefined;`,
    },
    {
      file: "sessions.ts",
      find: "onMessage: (message) => this.#o.onInbox(message),",
      replace: `onMessage: (message) =>
        (leftOpen.get(this.#o.log)?.get(this.#o.partition)?.heir ?? this).#o.onInbox(message),`,
    },
    {
      file: "sessions.ts",
      find: "if (this.#inbox === opened) this.#o.onEnd(",
      replace: `const left = leftOpen.get(this.#o.log);
        const heir = left?.get(this.#o.partition)?.heir ?? this;
        left?.delete(this.#o.partition);
        if (heir.#inbox === opened) heir.#o.onEnd(`,
    },
    {
      file: "sessions.ts",
      find: "this.#inbox = undefined;",
      replace: `this.#inbox = undefined;
    leftOpen.get(this.#o.log)?.delete(this.#o.partition);`,
    },
    {
      file: "sessions.ts",
      find: "await Promise.allSettled([this.#reader?.close(), this.#inbox?.close(), this.#history?.close()]);",
      replace: `if (this.#inbox !== undefined) {
      const left = leftOpen.get(this.#o.log) ?? new Map<number, { consumer: Consumer; heir: Sessions }>();
      leftOpen.set(this.#o.log, left.set(this.#o.partition, { consumer: this.#inbox, heir: this }));
    }
    await Promise.allSettled([this.#reader?.close(), this.#history?.close()]);`,
    },
  ],
} as const satisfies Record<string, readonly Patch[]>;
