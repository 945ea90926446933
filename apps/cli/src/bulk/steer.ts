import { Command } from "commander";
import { ask } from "../api/client.ts";
import { awaitOutcome, reportOutcome, sendAction } from "../api/outcome.ts";
import { type ApiOptions, withApi } from "../input/options.ts";

const answerWithinSeconds = 10;
const comes = {
  pause: "pauses once the batch under way is done",
  resume: "goes on",
  stop: "stops once the batch under way is done",
} as const;

interface Options extends ApiOptions {
  readonly anyway?: boolean;
}

export function steerCommand(to: keyof typeof comes, description: string): Command {
  return withApi(new Command(to).description(description).argument("<bulkId>")).action(
    async (bulkId: string, options: Options) => {
      await ask(options, async (api) => {
        const { anyway = false } = options;
        const sent = await sendAction(undefined, (actionId) =>
          to === "resume"
            ? api.bulk.resume.mutate({ bulkId, actionId, anyway })
            : api.bulk[to].mutate({ bulkId, actionId }),
        );
        const action = await awaitOutcome(api, sent, answerWithinSeconds);
        reportOutcome(action, options.json, `${bulkId} ${comes[to]}.`);
      });
    },
  );
}
