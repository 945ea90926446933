import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { consumerCases } from "./contract/consumers.ts";
import { delayCases } from "./contract/delays.ts";
import { failoverCases } from "./contract/failover.ts";
import { keySharedCases } from "./contract/key-shared.ts";
import { producerCases } from "./contract/producers.ts";
import { readerCases } from "./contract/readers.ts";
import { sessionCases } from "./contract/sessions.ts";
import { sharedCases } from "./contract/shared.ts";
import type { ContractCase, ContractSubject, Stage } from "./contract/stage.ts";
import { topicCases } from "./contract/topics.ts";

export type { ContractSubject } from "./contract/stage.ts";

const cases: Readonly<Record<string, readonly ContractCase[]>> = {
  producers: producerCases,
  readers: readerCases,
  subscriptions: consumerCases,
  "Shared subscriptions": sharedCases,
  "Key_Shared subscriptions": keySharedCases,
  "Failover subscriptions": failoverCases,
  "delayed messages": delayCases,
  topics: topicCases,
  sessions: sessionCases,
};

/**
 * Every promise of the port as a test, against whatever `open` opens. An adapter that cannot keep one lists the case's
 * name in `skips` with the reason, so that the differences between logs can be read in one place.
 */
export function messageLogContract(
  name: string,
  open: () => Promise<ContractSubject>,
  options: { readonly skips?: Readonly<Record<string, string>> } = {},
): void {
  const skips = options.skips ?? {};
  describe(name, () => {
    let subject: ContractSubject;
    let stage: Stage;
    beforeAll(async () => {
      subject = await open();
      let { log } = subject;
      let topics = 0;
      const run = Math.random().toString(36).slice(2, 8);
      stage = {
        get log() {
          return log;
        },
        now: subject.now ?? (() => Date.now()),
        maxPayloadBytes: subject.maxPayloadBytes ?? 700 * 1024,
        topic: () => `contract-${run}-${++topics}`,
        reopen: async () => {
          if (subject.reopen === undefined)
            throw new Error("This log cannot be reopened: list the case in skips");
          log = await subject.reopen();
        },
      };
    });
    afterAll(() => subject?.close());

    for (const [group, members] of Object.entries(cases)) {
      describe(group, () => {
        for (const { name: caseName, run } of members) {
          const skipped = skips[caseName];
          if (skipped !== undefined) test.skip(`${caseName} (${skipped})`, () => {});
          else test(caseName, () => run(stage));
        }
      });
    }

    test("skips name cases that exist", () => {
      const names = Object.values(cases).flatMap((members) => members.map((member) => member.name));
      expect(names).toEqual(expect.arrayContaining(Object.keys(skips)));
    });
  });
}
