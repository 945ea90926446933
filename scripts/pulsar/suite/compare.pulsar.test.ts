import { expect, inject, test } from "vitest";
import { z } from "zod";
import "../../../packages/pulsar/test/provided.ts";
import { figuresOf } from "./figures-of.ts";

const bookings = 300;

const report = z.object({
  runs: z.number(),
  events: z.object({ onPages: z.number(), inSql: z.number() }),
});

test("run pages show what Pulsar SQL selects from history: none missing, none twice, the newest included", {
  timeout: 300_000,
}, async () => {
  const servers = ["--pulsar", inject("pulsar"), "--pulsar-sql", inject("pulsarSql")];
  const args = [...servers, "--bookings", String(bookings), "--rate", "30"];
  const { figures, said } = await figuresOf("compare.ts", args);
  expect(figures, said).toMatchObject({
    differences: 0,
    events: { missingInSql: 0, missingOnPages: 0, doubleInSql: 0, doubleOnPages: 0, different: 0 },
  });
  const { runs, events } = report.parse(figures);
  expect(runs).toBe(bookings);
  expect(events.inSql).toBe(events.onPages);
  expect(events.inSql).toBeGreaterThan(10 * bookings);
});
