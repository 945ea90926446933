import { partitionOf, type RunEvent } from "@downbeat/domain";
import type { MessageLog, Producer } from "@downbeat/message-log";
import { type Decision, encodeHistoryRecord, partitionedTopics, topics } from "@downbeat/protocol";

export interface SyntheticBookings {
  readonly partitions: number;
  /** Runs that are over; they come first. */
  readonly runs: number;
  /** Runs whose second job is under way. */
  readonly open: number;
}

const jobTypes = ["benchPayment", "benchFlight", "benchHotel", "benchNotify"];
const perRecord = 100;
const bookingEveryMs = 1;
const begins = 1_760_000_000_000;

/** Writes the history of bookings of four jobs into an empty log: records that build on one another, under one claim a partition. */
export async function writeHistory(
  log: MessageLog,
  { partitions, runs, open }: SyntheticBookings,
): Promise<void> {
  const writers = await openWriters(log, partitions);
  for (let index = 0; index < runs + open; index++) {
    const runId = `booking-${index}`;
    const writer = writers[partitionOf(runId, partitions)];
    for (const decision of booking(runId, index >= runs))
      writer?.add(decision, begins + index * bookingEveryMs);
    if (index % 1_000 === 0) await Promise.all(writers.map((each) => each.written));
  }
  for (const writer of writers) writer.flush();
  await Promise.all(writers.map((each) => each.written));
  for (const writer of writers) await writer.close();
}

async function openWriters(log: MessageLog, partitions: number): Promise<PartitionWriter[]> {
  for (const topic of partitionedTopics) await log.createPartitionedTopic(topic, partitions);
  const writers: PartitionWriter[] = [];
  for (let partition = 0; partition < partitions; partition++)
    writers.push(new PartitionWriter(await log.openProducer(topics.history(partition), {}), partition));
  for (const writer of writers) writer.claim();
  return writers;
}

/** Bookings of now, as they happen. */
export class BookingTraffic {
  readonly #writers: readonly PartitionWriter[];
  #count = 0;

  private constructor(writers: readonly PartitionWriter[]) {
    this.#writers = writers;
  }

  static async open(log: MessageLog, partitions: number): Promise<BookingTraffic> {
    return new BookingTraffic(await openWriters(log, partitions));
  }

  /** So many bookings from their beginnings to their ends. */
  async book(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const runId = `traffic-${this.#count++}`;
      const writer = this.#writers[partitionOf(runId, this.#writers.length)];
      for (const decision of booking(runId, false)) writer?.add(decision, Date.now());
    }
    for (const writer of this.#writers) writer.flush();
    await Promise.all(this.#writers.map((each) => each.written));
  }

  async close(): Promise<void> {
    for (const writer of this.#writers) await writer.close();
  }
}

class PartitionWriter {
  readonly #producer: Producer;
  readonly #claimId: string;
  #last: string;
  #count = 0;
  #decisions: Decision[] = [];
  #at = begins;
  written: Promise<unknown> = Promise.resolve();

  constructor(producer: Producer, partition: number) {
    this.#producer = producer;
    this.#claimId = `growth-claim-${partition}`;
    this.#last = this.#claimId;
  }

  claim(): void {
    const id = this.#claimId;
    this.#send(id, encodeHistoryRecord({ kind: "claim", id, epoch: 1, owner: "growth", at: begins }));
  }

  add(decision: Decision, at: number): void {
    this.#decisions.push(decision);
    this.#at = at;
    if (this.#decisions.length >= perRecord) this.flush();
  }

  flush(): void {
    if (this.#decisions.length === 0) return;
    const id = `growth-${this.#claimId.at(-1)}-${++this.#count}`;
    const record = {
      kind: "decisions",
      id,
      prev: this.#last,
      claimId: this.#claimId,
      epoch: 1,
      at: this.#at,
      // Everything was published: nobody waits for these workers.
      dispatchedUpTo: this.#count,
      decisions: this.#decisions,
    } as const;
    this.#last = id;
    this.#decisions = [];
    this.#send(id, encodeHistoryRecord(record));
  }

  close(): Promise<void> {
    return this.#producer.close();
  }

  #send(id: string, payload: Uint8Array): void {
    this.written = this.#producer.send({ payload, properties: { id } });
  }
}

function* booking(runId: string, isOpen: boolean): Generator<Decision> {
  const workflow = "benchBooking";
  const input = JSON.stringify({ tripId: runId, amountCents: 120_000 });
  const output = JSON.stringify({ id: runId });
  const asked = (job: number): RunEvent[] => [
    { type: "JobScheduled", jobId: `j${job + 1}`, jobType: jobTypes[job] ?? "", input },
    { type: "AttemptRequested", jobId: `j${job + 1}`, attempt: 1 },
  ];
  const started: RunEvent = { type: "RunStarted", workflow, input, startedBy: "growth" };
  yield { runId, workflow, inputId: `start/${runId}`, seq: 1, events: [started, ...asked(0)] };
  let seq = 4;
  for (let job = 0; job < (isOpen ? 1 : jobTypes.length); job++) {
    const jobId = `j${job + 1}`;
    const completed: RunEvent = {
      type: "JobCompleted",
      jobId,
      output,
      attempt: 1,
      worker: "w1",
      startedAt: begins,
    };
    const next: RunEvent[] = job + 1 < jobTypes.length ? asked(job + 1) : [{ type: "RunCompleted", output }];
    yield { runId, workflow, inputId: `${runId}/${jobId}/1/done`, seq, events: [completed, ...next] };
    seq += 1 + next.length;
  }
}
