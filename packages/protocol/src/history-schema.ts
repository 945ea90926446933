/**
 * The JSON schema of the history topic, as an Avro record: what Pulsar SQL makes columns of. Every field of a claim and of a decision record is in it, and
 * of events the fields of all types together, so that an event can be put together again from its row.
 *
 * Fields are added, never renamed or changed: the columns of stored messages follow from it too.
 */
export interface AvroRecord {
  readonly type: "record";
  readonly name: string;
  readonly fields: readonly AvroField[];
}

export interface AvroField {
  readonly name: string;
  readonly type: AvroType | readonly ["null", AvroType];
  readonly default?: null;
}

export type AvroType =
  | "string"
  | "long"
  | "double"
  | AvroRecord
  | { readonly type: "array"; readonly items: AvroType }
  | { readonly type: "map"; readonly values: AvroType };

const texts = { type: "map", values: "string" } as const;

const failure = record("Failure", {
  kind: "string",
  name: "string",
  message: "string",
  stack: "string",
  details: "string",
  timeout: "string",
  causes: {
    type: "array",
    items: record("FailureCause", {
      depth: "long",
      name: "string",
      message: "string",
      stack: "string",
      details: "string",
    }),
  },
});

const action = record("Action", { actionId: "string", actor: "string", reason: "string" });

// Numbers that need not be whole are doubles: a fraction in a column of whole numbers would fail every query.
const retry = record("Retry", {
  maxAttempts: "long",
  initialIntervalMs: "double",
  coefficient: "double",
  maxIntervalMs: "double",
  jitter: "double",
  nonRetryable: { type: "array", items: "string" },
});

const options = record("Options", {
  retry,
  whenExhausted: "string",
  scheduleToStartMs: "double",
  startToCloseMs: "double",
  heartbeatMs: "double",
});

const event = record("Event", {
  type: "string",
  workflow: "string",
  input: "string",
  output: "string",
  labels: texts,
  startedBy: "string",
  rules: "long",
  changeId: "string",
  version: "long",
  failure,
  action,
  jobId: "string",
  jobType: "string",
  options,
  compensationId: "string",
  undoes: "string",
  attempt: "long",
  worker: "string",
  startedAt: "long",
  redelivered: "long",
  agoMs: "long",
  beginId: "string",
  heldUntil: "long",
  retryAt: "long",
  details: "string",
  timerId: "string",
  generation: "long",
  dueAt: "long",
  waitId: "string",
  name: "string",
  timeoutMs: "double",
  signalId: "string",
  payload: "string",
  actor: "string",
  because: "string",
  command: "string",
  code: "string",
  message: "string",
  outcome: "string",
  codeIn: "string",
  upTo: "long",
  answerId: "string",
  build: "string",
  left: "long",
  versioning: "string",
  next: "string",
  untaken: "string",
  ended: "string",
});

const decision = record("Decision", {
  runId: "string",
  workflow: "string",
  inputId: "string",
  seq: "long",
  events: { type: "array", items: event },
});

export const historySchema: AvroRecord = record("HistoryRecord", {
  kind: "string",
  id: "string",
  at: "long",
  claimId: "string",
  prev: "string",
  dispatchedUpTo: "long",
  decisions: { type: "array", items: decision },
  epoch: "long",
  owner: "string",
  format: "long",
  partsLeft: "long",
});

/** Every field may be absent: a claim has no decisions, and an event only the fields of its type. */
function record(name: string, fields: Readonly<Record<string, AvroType>>): AvroRecord {
  return {
    type: "record",
    name,
    fields: Object.entries(fields).map(([field, type]) => ({
      name: field,
      type: ["null", type],
      default: null,
    })),
  };
}
