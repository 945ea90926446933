import { job, workflow } from "@downbeat/sdk";
import { handle, worker } from "@downbeat/sdk/worker";
import pino from "pino";

const charge = job<{ cents: number }, { receipt: string }>("charge");

export const bill = workflow("bill", async (run, order: { cents: number }) => {
  run.log.info({ cents: order.cents }, "the bill is due");
  const { receipt } = await run.job(charge, order);
  run.log.info({ receipt }, "paid");
  return receipt;
});

/** Each line is JSON with the run's id and workflow; those of handlers carry job id, job type and attempt as well. */
export const billing = (name: string, logger = pino()) =>
  worker({
    name,
    logger,
    workflows: [bill],
    jobs: [
      handle(charge, ({ cents }, { log, idempotencyKey }) => {
        log.info({ cents }, "charging");
        return { receipt: idempotencyKey };
      }),
    ],
  });
