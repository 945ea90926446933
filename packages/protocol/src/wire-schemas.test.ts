import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { calledOffMessage } from "./called-off-message.ts";
import { causeMarkMessage } from "./cause-mark-message.ts";
import { jobTypeMessage, workflowMessage } from "./definition-message.ts";
import { acceptedHeader, historyHeader, historyRecord } from "./history-record.ts";
import { historySchema } from "./history-schema.ts";
import { runCommand } from "./inbox-message.ts";
import { jobMessage } from "./job-message.ts";
import { quarantineMessage } from "./quarantine-message.ts";
import { questionMessage } from "./question-message.ts";
import { runEvent } from "./run-event.ts";
import { savedQueryMessage } from "./saved-query-message.ts";
import { timerMessage } from "./timer-message.ts";
import { workerMessage } from "./worker-message.ts";

/**
 * What shipped is frozen: every field, limit and word of what crosses the log stands in `packages/protocol/wire`, and a change of one is seen there. One
 * that is meant is written with `UPDATE_WIRE=1 npx vitest run packages/protocol/src/wire-schemas.test.ts`; older records and messages must still be read.
 */
const schemas = {
  runCommand,
  runEvent,
  historyRecord,
  historyHeader,
  acceptedHeader,
  jobMessage,
  calledOffMessage,
  timerMessage,
  quarantineMessage,
  savedQueryMessage,
  causeMarkMessage,
  questionMessage,
  workerMessage,
  workflowMessage,
  jobTypeMessage,
};

test.each(Object.entries(schemas))("%s is what it was", (name, schema) => {
  expectAsItWas(name, z.toJSONSchema(schema, { unrepresentable: "any", reused: "ref" }));
});

test("the history topic's columns are what they were, and so are the names of what is in them", () => {
  expectAsItWas("historySchema", historySchema);
});

function expectAsItWas(name: string, now: object): void {
  const path = new URL(`../wire/${name}.json`, import.meta.url);
  if (process.env.UPDATE_WIRE !== undefined) writeFileSync(path, `${JSON.stringify(now, undefined, 2)}\n`);
  expect(JSON.parse(JSON.stringify(now))).toEqual(JSON.parse(readFileSync(path, "utf8")));
}
