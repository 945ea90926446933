import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { z } from "zod";

const ids = z.array(z.number());

/** What a worker writes down at once, so that nothing is lost when a mutant ends its process. */
const entry = z.discriminatedUnion("what", [
  z.object({ what: z.literal("imported"), file: z.string(), ids }),
  z.object({ what: z.literal("reached"), file: z.string(), test: z.string(), ms: z.number(), ids }),
  z.object({ what: z.literal("began"), id: z.number() }),
  z.object({ what: z.literal("killed"), id: z.number(), by: z.string() }),
  z.object({ what: z.literal("tested"), file: z.string(), test: z.string() }),
  z.object({ what: z.literal("outlived"), id: z.number(), file: z.string() }),
  z.object({ what: z.literal("doubted"), ids }),
  z.object({ what: z.literal("failed"), test: z.string(), error: z.string() }),
  z.object({ what: z.literal("finished"), file: z.string() }),
]);

export type Entry = z.infer<typeof entry>;

export function write(journal: string, written: Entry): void {
  appendFileSync(journal, `${JSON.stringify(written)}\n`);
}

export function read(journal: string): readonly Entry[] {
  if (!existsSync(journal)) return [];
  const lines = readFileSync(journal, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => entry.parse(JSON.parse(line)));
}
