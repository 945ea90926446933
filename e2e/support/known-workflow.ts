import { expect } from "@playwright/test";
import { z } from "zod";
import type { Product } from "./product.ts";

const catalogue = z.object({
  result: z.object({ data: z.object({ workflows: z.array(z.object({ workflow: z.string() })) }) }),
});

/** Resolves when a worker has announced the workflow: what is started before is refused. */
export async function knownWorkflow(product: Product, workflow: string): Promise<void> {
  await expect
    .poll(
      async () => {
        const answer = await fetch(product.api("catalogue.workflows"));
        const parsed = catalogue.safeParse(await answer.json());
        return parsed.data?.result.data.workflows.map((known) => known.workflow) ?? [];
      },
      { timeout: 60_000 },
    )
    .toContain(workflow);
}
