import type { MessageLog } from "@downbeat/message-log";
import fc from "fast-check";

/** Puts into a topic what nobody can read who knows its messages. */
export async function sendOddMessages(
  log: MessageLog,
  topic: string,
  parse: (payload: Uint8Array) => unknown,
  numRuns: number,
): Promise<void> {
  const producer = await log.openProducer(topic);
  const payloads = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => Buffer.from(text)),
  );
  await fc.assert(
    fc.asyncProperty(payloads, async (payload) => {
      fc.pre(parse(payload) === undefined);
      await producer.send({ payload, key: "odd" });
    }),
    { numRuns },
  );
  await producer.close();
}
