import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import type { Product } from "./product.ts";
import { trip } from "./trip.ts";

/** A command whose input is no JSON text, as a service of another team may send it. */
export async function sendBroken(product: Product, runId: string): Promise<void> {
  const { logUrl: serviceUrl, namespace } = product;
  const log = openPulsarWebSocketLog({ serviceUrl, tenant: "public", namespace });
  const producer = await log.openProducer("inbox-partition-0");
  const command = {
    type: "StartRun",
    commandId: `start-${runId}`,
    runId,
    workflow: "bookTrip",
    input: trip(runId),
  };
  await producer.send({ payload: Buffer.from(JSON.stringify({ commands: [command] })), key: runId });
  await producer.close();
  await log.close();
}
