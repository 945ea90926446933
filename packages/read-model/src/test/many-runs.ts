import type { RunEvent } from "@downbeat/domain";
import { position, type ReceivedMessage } from "@downbeat/message-log";

/** How a run went: when it started and ended, in ms since the epoch, and how. */
export interface RunStory {
  readonly runId: string;
  readonly workflow: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly end: "completed" | "failed" | "cancelled" | "terminated" | "open";
  readonly labels?: Readonly<Record<string, string>>;
  /** JSON; 1 if not given. */
  readonly input?: string;
}

const runsInRecord = 400;
const action = { actionId: "a", actor: "ada", reason: "" };
const failure = { kind: "business", name: "NoRoom", message: "There is no room." } as const;
const ends = {
  completed: { type: "RunCompleted", output: "1" },
  failed: { type: "RunFailed", failure },
  cancelled: { type: "RunCancelled" },
  terminated: { type: "RunTerminated", action },
} as const satisfies Readonly<Record<string, RunEvent>>;

/** Of each run its start and its end and nothing between, so that very many are made in seconds. */
export function* manyRuns(stories: readonly RunStory[]): Generator<ReceivedMessage> {
  const steps = stories.flatMap(({ runId, workflow, startedAt, endedAt, end, labels, input = "1" }) => {
    const started = { type: "RunStarted", workflow, input, ...(labels !== undefined && { labels }) };
    const one = { runId, workflow, at: startedAt, seq: 1, event: started };
    return end === "open" ? [one] : [one, { runId, workflow, at: endedAt, seq: 2, event: ends[end] }];
  });
  steps.sort((a, b) => a.at - b.at);
  const first = steps[0]?.at ?? 0;
  let number = 0;
  let last = "claim";
  const message = (record: { readonly id: string; readonly at: number }): ReceivedMessage => ({
    position: position(1, number++),
    payload: Buffer.from(JSON.stringify(record)),
    properties: {},
    publishTime: record.at,
    redeliveryCount: 0,
  });
  yield message({ ...{ kind: "claim", epoch: 1, owner: "synthetic" }, id: last, at: first });
  for (let index = 0; index < steps.length; ) {
    const at = steps[index]?.at ?? first;
    const decisions = [];
    for (; decisions.length < runsInRecord; index++) {
      const step = steps[index];
      if (step?.at !== at) break;
      const { runId, workflow, seq, event } = step;
      decisions.push({ runId, workflow, inputId: `${runId}/${seq}`, seq, events: [event] });
    }
    const record = { kind: "decisions", prev: last, claimId: "claim", dispatchedUpTo: number, decisions };
    last = `record-${number}`;
    yield message({ ...record, id: last, at });
  }
}
