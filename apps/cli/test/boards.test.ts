import { expect, test } from "vitest";
import { openEngineering, startServer, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

const board = {
  name: "How we are",
  period: "7d",
  panels: [
    { id: "a", kind: "figure", figure: "stuck", width: 1, height: 1 },
    { id: "b", kind: "table", table: "workflows", title: "What \u001b[31mran", width: 2, height: 2 },
    {
      id: "d",
      kind: "breakDown",
      of: "ended",
      show: "total",
      where: [
        [
          { key: "country", test: "is", value: "JP" },
          { key: "tier", test: "is", value: "gold", not: true },
        ],
      ],
      width: 1,
      height: 1,
    },
    { id: "c", kind: "sql", queryId: "q-1", view: "table", width: 2, height: 2 },
  ],
};

test("a board is told in the terminal, panel by panel, by its name or its id", {
  timeout: 240_000,
}, async () => {
  await using engineering = await openEngineering(["public/default"], { asksWorkers: true });
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" });
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);
  await until(async () => (await on("boards", "list")).status === 0);
  expect((await on("boards", "list")).out).toMatch(/^There are no boards\./);
  expect(await on("boards", "show", "How we are")).toMatchObject({
    status: 3,
    err: expect.stringContaining("No board is called How we are."),
  });

  const saved = await fetch(`${server.url}/trpc/public/default/boards.save`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-downbeat": "1" },
    body: JSON.stringify({ board }),
  });
  expect(saved.status).toBe(200);
  expect((await on("boards", "list")).out).toMatch(/How we are +7d +4 panels +ada +now/);
  const shown = (await on("boards", "show", "how WE are")).out;
  expect(shown).toMatch(/^How we are: last 7 days\n/);
  expect(shown).toMatch(/\nStuck now\n {2}0\n/);
  // What people named moves no cursor.
  expect(shown).toMatch(/\nWhat □\[31mran\n {2}No workflow ran in this time\.\n/);
  expect(shown).toContain("\nRuns ended · country=JP OR tier!=gold\n  0 runs ended.\n");
  expect(shown).toMatch(/appear only on the board, for people who may run SQL/);

  const told = JSON.parse((await on("boards", "show", "How we are", "--json")).out);
  expect(told).toMatchObject({
    name: "How we are",
    period: "Last 7 days",
    panels: [{ title: "Stuck now", lines: ["0"] }, {}, {}, {}],
  });
  expect((await on("boards", "show", told.id)).out).toMatch(/^How we are: last 7 days\n/);
  expect(await on("boards", "show", told.id, "--time-zone", "Mars/Base")).toMatchObject({ status: 2 });
});
