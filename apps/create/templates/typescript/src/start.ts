import { client } from "@downbeat/sdk/client";
import { fulfilOrder } from "./workflows.ts";

/** `npm start -- teapot`: starts a run, and waits for its result. */

const item = process.argv[2] ?? "teapot";
const downbeat = client();
const run = await downbeat.start(fulfilOrder, { item, cents: 1_900, email: "ada@example.com" });
console.log(`Started ${run.runId}; npm run dev shows the address of its page`);
try {
  console.log(await run.result());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await downbeat.close();
}
