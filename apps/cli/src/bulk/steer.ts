import { Command } from "commander";
import { ask } from "../api/client.ts";
import { awaitOutcome, reportOutcome, sendAction } from "../api/outcome.ts";
import { type ApiOptions, withApi } from "../input/options.ts";

const answerWithinSeconds = 10;
const done = { pause: "Paused", resume: "Resumed", stop: "Stopped" } as const;

export function steerCommand(to: keyof typeof done, description: string): Command {
  return withApi(new Command(to).description(description).argument("<bulkId>")).action(
    async (bulkId: string, options: ApiOptions) => {
      await ask(options, async (api) => {
        const sent = await sendAction(undefined, (actionId) => api.bulk[to].mutate({ bulkId, actionId }));
        const action = await awaitOutcome(api, sent, answerWithinSeconds);
        reportOutcome(action, options.json, `${done[to]} ${bulkId}, after the part that is under way.`);
      });
    },
  );
}
