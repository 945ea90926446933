import { workflow } from "@downbeat/sdk";

export const workflows = [
  workflow("talking", async (run, to: string) => {
    run.log.info({ to }, "it began");
    await run.signal("go on");
  }),
];
