import { z } from "zod";

const unitMs = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const longestMs = 36_525 * unitMs.d;

/** `30d`, `12h`, `15min`, in ms. */
export const durationText = z
  .string()
  .regex(/^\d{1,9} ?(ms|s|min|h|d)$/, "a number and its unit (ms, s, min, h or d), such as 30d")
  .transform((text) => {
    const [, number, unit] = /^(\d+) ?(\w+)$/.exec(text) ?? [];
    return Number(number) * (Object.entries(unitMs).find(([name]) => name === unit)?.[1] ?? 0);
  })
  .refine((ms) => ms <= longestMs, "a century (36525d) at most");
