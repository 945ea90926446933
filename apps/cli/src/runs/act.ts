import type { ActionView } from "@downbeat/api/views";
import { Command } from "commander";
import { type Api, ask } from "../api/client.ts";
import { awaitOutcome, reportOutcome, sendAction } from "../api/outcome.ts";
import { type ActionOptions, withAction } from "../input/options.ts";

interface RunAction {
  readonly runId: string;
  readonly reason: string;
  readonly actionId: string;
}

const answerWithinSeconds = 10;

export function cancelCommand(): Command {
  return runAction(
    "cancel",
    "Cancel a run: its completed steps are undone first",
    (api, input) => api.runs.cancel.mutate(input),
    (runId) => `${runId} is being cancelled.`,
  );
}

export function terminateCommand(): Command {
  return runAction(
    "terminate",
    "Terminate a run now: nothing is undone",
    (api, input) => api.runs.terminate.mutate(input),
    (runId) => `${runId} is terminated.`,
  );
}

export function resumeCommand(): Command {
  return runAction(
    "resume",
    "Resume a stuck run after its code was fixed",
    (api, input) => api.runs.resume.mutate(input),
    (runId) => `The code of ${runId} was asked again.`,
  );
}

function runAction(
  name: string,
  description: string,
  send: (api: Api, input: RunAction) => Promise<ActionView>,
  done: (runId: string) => string,
): Command {
  return withAction(new Command(name).description(description).argument("<runId>")).action(
    async (runId: string, options: ActionOptions) => {
      const { reason, actionId, json } = options;
      await ask(options, async (api) => {
        const sent = await sendAction(actionId, (actionId) => send(api, { runId, reason, actionId }));
        reportOutcome(await awaitOutcome(api, sent, answerWithinSeconds), json, done(runId));
      });
    },
  );
}
