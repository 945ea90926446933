import { openPulsarLog } from "@downbeat/pulsar";
import { worker } from "@downbeat/sdk/worker";

// Run by worker-processes.test.ts: what the input says is done to this process, and what the worker says of problems is told.
const [url = "", wrongBy = "0"] = process.argv.slice(2);

const hosted = worker({
  log: openPulsarLog({ serviceUrl: url, tenant: "public", namespace: "default" }),
  concurrency: 1,
  clock: {
    now: () => Math.max(0, Date.now() + Number(wrongBy)),
    setTimer(callback, delayMs) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
  },
  jobs: {
    deed: async (deed: string) => {
      process.send?.({ begun: deed });
      if (deed === "kill") process.kill(process.pid, "SIGKILL");
      if (deed === "abort") process.abort();
      if (deed === "exit") process.exit(7);
      if (deed === "block") {
        const until = Date.now() + 8_000;
        while (Date.now() < until);
      }
      if (deed === "wait") await new Promise((resolve) => setTimeout(resolve, 1_500));
      return "done";
    },
  },
  onProblem: (problem) => process.send?.({ problem }),
});
await hosted.ready;
process.send?.({ ready: true });
