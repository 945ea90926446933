import type { EarlierRunsShare, FiguresMissing, Overview, RunList } from "@downbeat/api/views";
import type { Page, Route } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { resent } from "./support/resent.ts";

/** The read model begins in the midst of the log: what the pages make of that. The answers are the fixtures', changed on their way. */

const share: EarlierRunsShare = { source: "Pulsar SQL", before: Date.UTC(2026, 9, 25, 12), isCounted: false };
const clear = ({ cursor: _, ...list }: RunList): RunList => list;

async function changed<T>(route: Route, change: (data: T) => T): Promise<void> {
  const response = await route.fetch(resent);
  const { result } = await response.json();
  await route.fulfill({ response, json: { result: { ...result, data: change(result.data) } } });
}

/** The first page ends where the read model begins; further ones are answered by `next`. */
async function beginInTheMidst(page: Page, next: (route: Route) => Promise<void>): Promise<void> {
  await page.route("**/trpc/*/*/runs.list*", (route) => {
    if (decodeURIComponent(route.request().url()).includes('"cursor":"00"')) return next(route);
    return changed<RunList>(route, (list) => ({
      ...list,
      runs: list.runs.slice(0, 10),
      count: 10,
      countIsLowerBound: true,
      cursor: "00",
      earlier: { ...share, isNext: true },
    }));
  });
}

const none = { running: 0, waiting: 0, stuck: 0, completed: 0, failed: 0, cancelled: 0, terminated: 0 };
const earlierRun = (list: RunList): RunList => ({
  ...clear(list),
  runs: list.runs
    .slice(20, 21)
    .map((run) => ({ ...run, runId: "long-ago", startedAt: share.before - 3_600_000 })),
  count: 11,
  earlier: { ...share, isCounted: true, countsByStatus: { ...none, completed: 1 } },
});

test("runs from before the read model are asked for at the end of the list, when somebody wants them", async ({
  page,
  fake,
}) => {
  let asked = 0;
  let answer = (): void => {};
  await beginInTheMidst(page, async (route) => {
    asked += 1;
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    await changed(route, earlierRun);
  });
  await page.goto(`${fake.home}/runs`);
  await expect(page.getByText(/^Runs that ended before .+ are in Pulsar SQL\.$/)).toBeVisible();
  await expect(page.getByText(/^10 runs since /)).toBeVisible();
  expect(asked).toBe(0);
  await page.getByRole("button", { name: "Show them" }).click();
  await expect(page.getByText("Reading earlier runs from Pulsar SQL…")).toBeVisible();
  answer();
  await expect(page.getByRole("link", { name: "long-ago" })).toBeVisible();
  await expect(page.getByText(/^\d,\d{3} runs$/)).toBeVisible();
  await expect(page.getByText(/^Runs that ended before/)).toBeHidden();
});

test("when they can't be had, the list says why and tries again", async ({ page, fake }) => {
  let isDown = true;
  await beginInTheMidst(page, (route) =>
    changed<RunList>(route, (list) => {
      if (!isDown) return earlierRun(list);
      const trouble = "Nobody answers at http://sql:8081.";
      return { ...list, runs: [], cursor: "00", earlier: { ...share, trouble } };
    }),
  );
  await page.goto(`${fake.home}/runs`);
  await page.getByRole("button", { name: "Show them" }).click();
  await expect(page.getByText(/can’t be shown: Nobody answers at http:\/\/sql:8081\./)).toBeVisible();
  await expect(page.getByRole("link", { name: /booking-/ }).first()).toBeVisible();
  isDown = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("link", { name: "long-ago" })).toBeVisible();
});

test("where nothing recent belongs to the list, earlier runs are read at once", async ({ page, fake }) => {
  await page.route("**/trpc/*/*/runs.list*", (route) => {
    if (decodeURIComponent(route.request().url()).includes('"cursor":"00"'))
      return changed(route, earlierRun);
    return changed<RunList>(route, (list) => ({
      ...list,
      runs: [],
      count: 0,
      cursor: "00",
      earlier: { ...share, isNext: true },
    }));
  });
  await page.goto(`${fake.home}/runs`);
  await expect(page.getByRole("link", { name: "long-ago" })).toBeVisible();
});

test("charts say which days are still being read, and are whole afterwards", async ({ page, fake }) => {
  const missing: FiguresMissing = {
    source: "Pulsar SQL",
    from: Date.UTC(2026, 9, 20),
    to: Date.UTC(2026, 9, 25),
    days: 5,
    percent: 40,
  };
  let isFilled = false;
  await page.route("**/trpc/*/*/overview.get*", (route) =>
    changed<Overview>(route, (overview) => (isFilled ? overview : { ...overview, missing })),
  );
  await page.goto(fake.home);
  const note = page.getByText(
    /^Not complete yet: figures of .+ are being read from Pulsar SQL, 5 days to go/,
  );
  await expect(note).toBeVisible();
  isFilled = true;
  await expect(note).toBeHidden();
});
