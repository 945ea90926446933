import { partitionOf } from "@downbeat/domain";
import { encodeInboxMessage, topics } from "@downbeat/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { foldHistory } from "../../lib/history-check.ts";
import { sleep, until } from "../../lib/processes.ts";
import { InProcess, ids, owning, partitions } from "./in-process.ts";

let own: InProcess;
beforeEach(async () => {
  own = await InProcess.open("forgotten");
});
afterEach(() => own.close());

/** Sends a command to start a run of that id, as the first message of a sender of that name. @returns whether the log stored it */
async function sends(name: string): Promise<boolean> {
  const command = { type: "StartRun", commandId: `start/${name}`, runId: name } as const;
  const rest = { workflow: "waits", input: "null", startedBy: "faults" };
  const producer = await own.log.openProducer(topics.inbox(partitionOf(name, partitions)), {
    producerName: name,
    initialSequenceId: 0,
  });
  const receipt = await producer.send({ payload: encodeInboxMessage([{ ...command, ...rest }]) });
  await producer.close();
  return receipt !== undefined;
}

test("a command sent again after the broker has forgotten its sender starts no second run", {
  timeout: 240_000,
}, async () => {
  const names = ids("sender", 80);
  for (const name of names) expect(await sends(name)).toBe(true);
  expect(await sends("sender-0")).toBe(false);
  // The broker remembers a sender for a minute; asking for one reminds it, so each is asked for once.
  let isForgotten = false;
  for (const name of names.slice(1)) {
    await sleep(2_000);
    isForgotten = await sends(name);
    if (isForgotten) break;
  }
  expect(isForgotten).toBe(true);
  await owning(own.startEngine("late"));
  const done = async () => {
    const { runs } = await foldHistory(own.log);
    return names.every((name) => runs.get(name)?.state.status === "running");
  };
  expect(await until(done, 30_000, 500)).toBe(true);
  const { runs, violations } = await foldHistory(own.log);
  expect(violations).toEqual([]);
  expect(runs.size).toBe(names.length);
});
