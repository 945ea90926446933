import type { ActionView, TimerKind } from "@downbeat/api/views";
import { Command } from "commander";
import { type Api, ask } from "../api/client.ts";
import { awaitOutcome, reportOutcome, sendAction } from "../api/outcome.ts";
import { CommandFailure } from "../failure.ts";
import { span } from "../input/moment.ts";
import { type ActionOptions, whole, withAction } from "../input/options.ts";
import { time } from "./list.ts";

interface TimerAction {
  readonly runId: string;
  readonly kind: TimerKind;
  readonly id: string;
  readonly attempt?: number;
  readonly reason: string;
  readonly actionId: string;
}

interface Options extends ActionOptions {
  readonly deadline: boolean;
  readonly attempt?: number;
  readonly by?: number;
  readonly until?: number;
}

const answerWithinSeconds = 10;

export function fireTimerCommand(): Command {
  return timerAction(
    "fire",
    "Make it due now: end a sleep, end a wait without its signal, or retry a job",
    "Fired",
    (api, action) => api.timers.fire.mutate(action),
  );
}

export function postponeTimerCommand(): Command {
  return timerAction(
    "postpone",
    "Make it due later, or at a given time",
    "Postponed",
    async (api, action, { by, until }) => {
      if ((by === undefined) === (until === undefined))
        throw new CommandFailure("usage", "Give either --by or --until.");
      return api.timers.postpone.mutate({ ...action, ...(by === undefined ? { until } : { byMs: by }) });
    },
  )
    .option("--by <span>", "how much later than it is due now, such as 90s, 15m, 24h or 7d", span)
    .option("--until <time>", "the time it should be due, such as 2026-11-02T09:00Z", time);
}

export function cancelTimerCommand(): Command {
  return timerAction(
    "cancel",
    "Remove the time-out from a wait for a signal, or cancel a job. A sleep can't be cancelled",
    "Cancelled",
    (api, action) => api.timers.cancel.mutate(action),
  );
}

function timerAction(
  name: string,
  description: string,
  done: string,
  send: (api: Api, action: TimerAction, options: Options) => Promise<ActionView>,
): Command {
  const command = new Command(name)
    .description(description)
    .argument("<runId>")
    .argument("<id>", "its id in timers list: such as t1 (a sleep), w1 (a wait for a signal) or j1 (a job)")
    .option("--deadline", "for a job: the deadline of its attempt instead of its back-off", false)
    .option(
      "--attempt <number>",
      "for a job: only if this is still its newest attempt, as listed",
      whole(1, 1_000_000),
    );
  return withAction(command).action(async (runId: string, id: string, options: Options) => {
    const { attempt, reason, actionId, json } = options;
    const kind = kindOf(id, options.deadline);
    await ask(options, async (api) => {
      const sent = await sendAction(actionId, (actionId) =>
        send(api, { runId, kind, id, ...(attempt !== undefined && { attempt }), reason, actionId }, options),
      );
      reportOutcome(await awaitOutcome(api, sent, answerWithinSeconds), json, `${done}: ${id} of ${runId}.`);
    });
  });
}

/** What was listed must still be what is acted on: a job that backs off is not one whose attempt is under way. */
function kindOf(id: string, isDeadline: boolean): TimerKind {
  if (isDeadline) return "deadline";
  if (id.startsWith("t")) return "sleep";
  if (id.startsWith("w")) return "signal";
  if (id.startsWith("j")) return "backOff";
  throw new CommandFailure("usage", `There is no timer ${id}: ids are such as t1, w1 or j1.`);
}
