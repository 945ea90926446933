import { client } from "@downbeat/sdk/client";
import { openLog } from "../src/wiring.ts";

// Run by handles.test.ts: one more process with handles of the same runs. Each line is a deed, each answer a line.
const [url = "", ...deeds] = process.argv.slice(2);
const log = openLog({ serviceUrl: url, tenant: "public", namespace: "default" });
const c = client({ log, answerWithin: "1 minute" });
const results = await Promise.all(
  deeds.map(async (deed) => {
    const [verb, runId = ""] = deed.split(" ");
    const run = verb === "start" ? await c.start("ask", runId, { runId }) : c.run(runId);
    return run.result({ timeout: "1 minute" }).catch((error: Error) => error.message);
  }),
);
console.log(JSON.stringify(results));
await c.close();
await log.close();
