import { workflow } from "@downbeat/sdk";
import { z } from "zod";

const order = z.object({
  customer: z.object({ name: z.string(), email: z.email() }).meta({ personal: true }),
  iban: z.string().meta({ personal: true }),
  amountCents: z.number(),
});

export const collectDebt = workflow("collectDebt", { input: order }, async (run, { amountCents }) => {
  await run.sleep("14 days");
  return { amountCents };
});
