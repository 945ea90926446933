import { nextWeekday, workflow } from "@downbeat/sdk";

export const weekly = workflow("weekly", async (run, timeZone: string) => {
  await run.sleepUntil(nextWeekday({ weekday: "monday", time: "09:00", timeZone, after: run.now() }));
});
