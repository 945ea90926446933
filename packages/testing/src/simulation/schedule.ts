import { type Action, partitionOf, type RunCommand } from "@downbeat/domain";
import { type Delegation, type Engine, MemoryStateStore } from "@downbeat/engine";
import type { MessageLog, Producer } from "@downbeat/message-log";
import { type DecisionService, encodeInboxMessage, topics } from "@downbeat/protocol";
import type { EngineClass } from "../rules/engine-without.ts";
import { type Faults, noFaults } from "./faults.ts";
import { SimulatedLog } from "./simulated-log.ts";
import { randomSum, startWorker } from "./simulated-worker.ts";
import { SimulatedProcess, World } from "./world.ts";

/** `after long`: it stood still before, and the watchdog saw it. */
export type Death = "at once" | "after long";

export interface ScheduleOptions {
  readonly seed: number;
  readonly faults: Faults;
  /** The engine, or one without some of its rules. */
  readonly engine: EngineClass;
  /** Another version for some of the processes. */
  readonly engineOf?: (name: string) => EngineClass;
  /** @param crash ends the engine process that asks */
  readonly decisions: (crash: (how: Death) => void) => DecisionService;
  /** Default: all code is asked through `decisions`. */
  readonly delegation?: Delegation;
  readonly runs: number;
  /** All runs are orders, of sums in euros and cents. Default: of everything else. */
  readonly orders?: boolean;
  readonly onClockStrayed?: (what: string) => void;
  /** Only runs that wait, and nobody who asks anything of them: the partition falls silent. */
  readonly quiet: boolean;
  readonly engines: number;
  readonly partitions: number;
  /** How long things go wrong, and how long there is to settle afterwards, simulated ms. */
  readonly troubleMs: number;
  readonly settleMs: number;
}

interface EngineSlot {
  readonly name: string;
  process: SimulatedProcess;
  engine: Engine;
  stores: Map<number, MemoryStateStore>;
}

/** A command somebody has a receipt for, or keeps sending until they do. */
export interface SentCommand {
  readonly command: RunCommand;
  receipt: boolean;
}

/** An input on which the decision service of the simulation throws, as a bug of ours would. */
export const poison = '"poison"';

/** One random story: engines, workers, clients and operators on one simulated log, first in trouble, then left in peace. */
export class Schedule {
  readonly world: World;
  readonly log: SimulatedLog;
  readonly options: ScheduleOptions;
  readonly sent: SentCommand[] = [];
  readonly slots: EngineSlot[] = [];
  readonly malformed: string[] = [];
  claims = 0;
  drops: string[] = [];
  /** What engines said of history. */
  readonly notes: string[] = [];
  inTrouble = true;
  readonly #people: SimulatedProcess;
  #commandNumber = 0;

  constructor(options: ScheduleOptions) {
    this.options = options;
    this.world = new World(options.seed);
    this.log = new SimulatedLog(this.world, options.faults, options.partitions);
    this.#people = new SimulatedProcess("people");
  }

  async play(): Promise<void> {
    const { engines, runs, troubleMs, settleMs, faults } = this.options;
    const { world } = this;
    for (let index = 0; index < engines; index++)
      this.slots.push(this.#startEngine(`engine-${index}`, new Map()));
    for (let index = 0; index < 2; index++) startWorker(this, `worker-${index}`);
    for (let index = 0; index < runs; index++)
      world.schedule(world.random.between(0, troubleMs * 0.7), () => this.#startRun(index));
    this.#every(faults.crashEveryMs, () => this.#crashOne());
    this.#every(faults.pauseEveryMs, () => this.#pauseOne());
    this.#every(faults.moveEveryMs, () => this.log.moveOne());
    if (faults.redelivered > 0)
      this.#every(10_000, () => world.random.chance(faults.redelivered * 4) && this.log.redeliverSome());
    const end = world.now + troubleMs;
    await world.run(end);

    this.inTrouble = false;
    this.log.faults = { ...noFaults, slowestMs: faults.slowestMs };
    for (const slot of this.slots) {
      slot.process.pausedUntil = 0;
      if (!slot.process.alive) Object.assign(slot, this.#startEngine(slot.name, slot.stores));
    }
    await world.run(end + settleMs);
    // Idle sessions are renewed now and then, which may move a partition just now; it must come to rest all the same.
    // So is a result that a worker sends just now, of an attempt that was handed over again late.
    const isAtRest = () => this.everyPartitionHasOneOwner() && this.sent.every(({ receipt }) => receipt);
    await world.run(world.now + 15_000, isAtRest);
  }

  everyPartitionHasOneOwner(): boolean {
    for (let partition = 0; partition < this.options.partitions; partition++) {
      const owners = this.slots.filter(({ engine }) => engine.modes[partition] === "owning");
      if (owners.length !== 1) return false;
    }
    return true;
  }

  /** Keeps sending until there is a receipt; the same command, so a second copy is recognised. */
  send(command: RunCommand): void {
    const sent: SentCommand = { command, receipt: false };
    this.sent.push(sent);
    this.#sendAgain(sent, this.log.connect(this.#people));
  }

  commandId(): string {
    return `command-${++this.#commandNumber}`;
  }

  #sendAgain(sent: SentCommand, log: MessageLog): void {
    const topic = topics.inbox(partitionOf(sent.command.runId, this.options.partitions));
    this.#sendVia(log, topic, encodeInboxMessage([sent.command]), sent.command.runId).then(
      () => {
        sent.receipt = true;
      },
      () => this.world.schedule(this.world.random.between(50, 1_000), () => this.#sendAgain(sent, log)),
    );
  }

  async #sendVia(log: MessageLog, topic: string, payload: Uint8Array, key: string): Promise<void> {
    const producer: Producer = await log.openProducer(topic);
    await producer.send({ payload, key });
    await producer.close();
  }

  #startRun(index: number): void {
    const { random } = this.world;
    const runId = `run-${index}`;
    if (this.options.orders === true) return this.#order(runId);
    const kind = this.options.quiet ? 0.6 : random.next();
    const [workflow, input] =
      kind < 0.55
        ? [
            "trip",
            {
              amount: random.integer(1, 100),
              approval: random.chance(0.4),
              holdMs: random.chance(0.5) ? random.integer(100, 12_000) : 0,
            },
          ]
        : kind < 0.7
          ? ["nap", { ms: random.integer(10, 25_000) }]
          : kind < 0.8
            ? ["watch", { rounds: random.integer(2, 15) }]
            : ["short", { amount: random.integer(1, 100) }];
    const base = () => ({ commandId: this.commandId(), runId });
    this.send({
      type: "StartRun",
      ...base(),
      workflow: random.chance(0.03) ? "unknown" : (workflow as string),
      input: JSON.stringify(input),
    });
    const later = (probability: number, run: () => void) => {
      if (!this.options.quiet && random.chance(probability))
        this.world.schedule(random.between(0, 25_000), run, this.#people);
    };
    const action = () => ({ actionId: this.commandId(), actor: "operator", reason: "simulated" });
    later(0.5, () =>
      this.send({
        type: "SendSignal",
        ...base(),
        signalId: this.commandId(),
        name: "approval",
        payload: "true",
      }),
    );
    for (let news = 0; workflow === "watch" && news < 3; news++) {
      later(0.7, () =>
        this.send({
          type: "SendSignal",
          ...base(),
          signalId: this.commandId(),
          name: "news",
          payload: String(news),
        }),
      );
    }
    later(0.15, () => this.send({ type: "CancelRun", ...base(), action: action() }));
    later(0.05, () => this.send({ type: "TerminateRun", ...base(), action: action() }));
    later(0.2, () => this.send({ type: "RetryJob", ...base(), jobId: "j1", action: action() }));
    later(0.1, () =>
      this.send({ type: "CancelJob", ...base(), jobId: `j${random.integer(1, 4)}`, action: action() }),
    );
    later(0.1, () => this.send({ type: "RunJobNow", ...base(), jobId: "j1", action: action() }));
    if (this.options.seed % 3 === 1) this.#steerTimers(later, base, action);
    if (this.options.seed % 3 === 2 && this.options.delegation === undefined)
      for (let times = 0; times < 3; times++)
        later(0.35, () => this.send({ type: "LiftTimeout", ...base(), timerId: "w1", action: action() }));
    later(0.1, () =>
      this.send({ type: "StartRun", ...base(), workflow: workflow as string, input: JSON.stringify(input) }),
    );
    later(0.05, () =>
      this.send({
        type: "StartRun",
        ...base(),
        runId: `${runId}-big`,
        workflow: "short",
        input: `"${"x".repeat(140_000)}"`,
      }),
    );
    later(0.05, () =>
      this.send({ type: "StartRun", ...base(), runId: `${runId}-poison`, workflow: "short", input: poison }),
    );
    later(0.1, () => this.#sendGarbage(partitionOf(runId, this.options.partitions)));
  }

  #order(runId: string): void {
    const { random } = this.world;
    const base = () => ({ commandId: this.commandId(), runId });
    this.send({ type: "StartRun", ...base(), workflow: "order", input: JSON.stringify(randomSum(random)) });
    for (let change = 0; change < 4; change++) {
      const payload = random.chance(0.2) ? { pounds: 1 } : randomSum(random);
      this.world.schedule(random.between(0, 20_000), () =>
        this.send({
          type: "SendSignal",
          ...base(),
          signalId: this.commandId(),
          name: "change",
          payload: JSON.stringify(payload),
        }),
      );
    }
  }

  /** What people do to what time would do. */
  #steerTimers(
    later: (probability: number, run: () => void) => void,
    base: () => { readonly commandId: string; readonly runId: string },
    action: () => Action,
  ): void {
    const { random } = this.world;
    const timerId = () => random.pick(["t1", "t1", "t2", "w1"]);
    const until = () => Math.floor(this.world.now) + random.integer(1, 12_000);
    const job = () => ({ jobId: `j${random.integer(1, 4)}`, action: action() });
    for (let times = 0; times < 3; times++) {
      later(0.3, () =>
        this.send({
          type: "PostponeTimer",
          ...base(),
          timerId: timerId(),
          until: until(),
          action: action(),
        }),
      );
      later(0.15, () => this.send({ type: "FireTimerNow", ...base(), timerId: timerId(), action: action() }));
    }
    later(0.2, () => this.send({ type: "PostponeRetry", ...base(), ...job(), until: until() }));
    later(0.2, () => this.send({ type: "TimeOutJob", ...base(), ...job() }));
  }

  #sendGarbage(partition: number): void {
    const text = this.world.random.pick([
      "{",
      '{"commands":[{"type":"Explode"}]}',
      "\u0000",
      '{"commands":"none"}',
    ]);
    const log = this.log.connect(this.#people);
    this.#sendVia(log, topics.inbox(partition), Buffer.from(text), "").then(
      () => this.malformed.push(text),
      () => {},
    );
  }

  #every(meanMs: number, run: () => void): void {
    if (meanMs === 0) return;
    this.world.schedule(this.world.random.between(0, 2 * meanMs), () => {
      if (!this.inTrouble) return;
      run();
      this.#every(meanMs, run);
    });
  }

  #startEngine(name: string, stores: Map<number, MemoryStateStore>): EngineSlot {
    const process = new SimulatedProcess(name);
    const version = this.options.engineOf?.(name) ?? this.options.engine;
    const engine = new version({
      log: this.log.connect(process),
      decisions: this.options.decisions((how) => this.#crash(process, how)),
      ...(this.options.delegation !== undefined && { delegation: this.options.delegation }),
      partitions: this.options.partitions,
      owner: name,
      clock: this.world.clock(process),
      wallClock: () => Math.floor(this.world.now) + this.world.random.pick([-3_600_000, 0, 3_600_000]),
      store: (partition) => {
        let store = stores.get(partition);
        if (store === undefined) stores.set(partition, (store = new MemoryStateStore()));
        return store;
      },
      observer: {
        claimed: () => {
          this.claims += 1;
        },
        dropped: (_, reason) => this.drops.push(reason),
        leftOut: (partition, _, reason) => this.notes.push(`left out of ${partition}: ${reason}`),
        heldBack: (partition, reason) => this.notes.push(`${name} held back of ${partition}: ${reason}`),
        beginsLate: (partition) => this.notes.push(`history of ${partition} begins late`),
        clockStrayed: (_, what) => this.options.onClockStrayed?.(what),
      },
      tuning: {
        snapshotEveryMs: 300,
        readBackTimeoutMs: 4_000,
        renewIdleMs: 8_000,
        maxInFlight: 4,
        maxBatch: 20,
        // In some, nearly every input is recorded in parts, and its owner may die between them.
        ...(this.options.seed % 4 === 2 && { maxPartBytes: 150, maxRecordBytes: 300 }),
      },
      tickMs: 3_000,
    });
    engine.start();
    return { name, process, engine, stores };
  }

  /** @param withoutSnapshot it has to read history from the beginning */
  crashEngine(index: number, withoutSnapshot: boolean): void {
    const slot = this.slots[index];
    if (slot === undefined) return;
    if (withoutSnapshot) slot.stores = new Map();
    this.#crash(slot.process);
  }

  #crashOne(): void {
    const slot = this.world.random.pick(this.slots);
    if (slot.process.alive) this.#crash(slot.process);
  }

  #crash(process: SimulatedProcess, how: Death = "at once"): void {
    const slot = this.slots.find((candidate) => candidate.process === process);
    if (slot === undefined) return;
    if (how === "after long") for (const store of slot.stores.values()) store.trials.standStill();
    slot.process.alive = false;
    this.log.disconnect(slot.process);
    if (this.world.random.chance(this.options.faults.snapshotGone)) slot.stores = new Map();
    this.world.schedule(this.world.random.between(100, 10_000), () => {
      if (!slot.process.alive) Object.assign(slot, this.#startEngine(slot.name, slot.stores));
    });
  }

  #pauseOne(): void {
    const slot = this.world.random.pick(this.slots);
    slot.process.pausedUntil = this.world.now + this.world.random.between(500, 9_000);
    // Somebody else is given its partitions meanwhile, as a broker would that hears nothing from it.
    this.world.schedule(this.world.random.between(0, 4_000), () => this.log.moveOne());
  }
}
