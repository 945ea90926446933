import { connect } from "@downbeat/sdk";
import { worker } from "@downbeat/sdk/worker";

// Run by deadly-worker.test.ts: some runs end this process as soon as it takes them up.
const [url = ""] = process.argv.slice(2);
worker({
  connection: connect(url),
  jobs: {
    processPayment: (_: unknown, { runId }: { runId: string }) => {
      if (runId.startsWith("deadly")) process.exit(7);
      return { receiptId: `r-${runId}`, amountCents: 1 };
    },
  },
});
