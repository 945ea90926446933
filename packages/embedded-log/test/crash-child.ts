import { openSync, writeSync } from "node:fs";
import { openEmbeddedLog } from "../src/index.ts";

/*
 * Runs until it is killed: sends numbered messages to `causes`; a consumer that sees them before their commit sends a
 * reply each to `effects` and acknowledges. Writes down every receipt, from the moment it has it. Or it ends by itself after so many, as code does
 * that exits or throws where nobody catches it.
 */
const [, , file = "", receiptsFile = "", firstNumber = "0", endsAfter = "Infinity", how = "exit"] =
  process.argv;
const receipts = openSync(receiptsFile, "w");
const log = await openEmbeddedLog({ file, onFatal: (error) => writeSync(2, `${error.message}\n`) });
const inside = log.connect({ deliver: "beforeCommit" });
const outside = log.connect();

const effects = await inside.openProducer("effects");
const consumer = await inside.openConsumer("causes", {
  subscription: "sub",
  type: "Failover",
  onMessage: (message) => {
    void effects.send({ payload: message.payload }).catch(() => {});
    consumer.acknowledge(message.position);
  },
});
const causes = await outside.openProducer("causes", { producerName: "sender" });
const history = await inside.openProducer("history-partition-0");

for (let next = Number(firstNumber); ; ) {
  const sends: Promise<void>[] = [];
  for (let i = 0; i < 1 + (next % 37); i++, next++) {
    const payload = Buffer.from(`${next} ${"x".repeat(next % 300)}`);
    sends.push(told("cause", causes.send({ payload, key: String(next) }), next));
    sends.push(told("history", history.send({ payload }), next));
  }
  await Promise.all(sends);
  if (next < Number(endsAfter)) continue;
  if (how === "exit") process.exit(9);
  setTimeout(() => {
    throw new Error("nobody catches this");
  });
}

async function told(topic: string, sending: Promise<string | undefined>, number: number): Promise<void> {
  const position = await sending;
  writeSync(receipts, `${topic} ${number} ${position}\n`);
}
