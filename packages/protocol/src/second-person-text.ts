import type { EngineRule } from "@downbeat/domain";
import { z } from "zod";

const parts = ["terminate", "complete", "bulk"] as const satisfies readonly (keyof EngineRule)[];

/** `terminate,complete`: what an engine lets nobody do alone. */
export const secondPersonText = z
  .string()
  .transform((text) => text.split(",").map((part) => part.trim()))
  .pipe(z.array(z.enum(parts, `${parts.join(", ")}, with commas between`)))
  .transform(
    (named): EngineRule => ({
      terminate: named.includes("terminate"),
      complete: named.includes("complete"),
      bulk: named.includes("bulk"),
    }),
  );

/** As `secondPersonText` takes it; empty where the rule asks for nothing. */
export function engineRuleText(rule: EngineRule): string {
  return parts.filter((part) => rule[part]).join(",");
}
