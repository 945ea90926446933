import { Command } from "commander";
import { type Api, ask } from "../api/client.ts";
import { awaitOutcome, reportOutcome, sendAction } from "../api/outcome.ts";
import { jsonInput } from "../input/json-input.ts";
import { type ApiOptions, actionIdOption, withApi } from "../input/options.ts";

interface Options extends ApiOptions {
  readonly payload?: string;
  readonly payloadFile?: string;
  readonly signalId?: string;
  readonly actionId?: string;
}

const answerWithinSeconds = 10;

export function signalCommand(): Command {
  return withApi(
    new Command("signal")
      .description("Send a signal to a run")
      .argument("<runId>")
      .argument("<name>")
      .option("--payload <json>", "the payload; - reads it from standard input")
      .option("--payload-file <path>", "the same, from a file")
      .option("--signal-id <id>", "id of the signal: a run takes each id once")
      .addOption(actionIdOption()),
  ).action(sendSignal);
}

async function sendSignal(runId: string, name: string, options: Options): Promise<void> {
  const payload = (await jsonInput({ value: options.payload, file: options.payloadFile })) ?? "null";
  const { signalId, actionId, json } = options;
  await ask(options, async (api) => {
    // A signal that is named already is the same signal however often it is sent: its name is the action's too.
    const sent = await sendAction(actionId ?? signalId, (actionId) =>
      api.runs.signal.mutate({
        runId,
        name,
        payload,
        actionId,
        ...(signalId !== undefined && { signalId }),
      }),
    );
    const action = await awaitOutcome(api, sent, answerWithinSeconds);
    const isAccepted = action.outcome.type === "accepted";
    const id = signalId ?? action.actionId;
    const become = isAccepted && !json ? await whatBecame(api, runId, name, id) : "";
    reportOutcome(action, json, become);
  });
}

/** A signal that the code waits for is delivered in the step that takes it, so what became of it is known by now. */
async function whatBecame(api: Api, runId: string, name: string, signalId: string): Promise<string> {
  const types = ["SignalDelivered"];
  let isDelivered = false;
  for (let afterSeq = 0; ; ) {
    const { events } = await api.runs.events.query({ runId, afterSeq, types, limit: 2_000 });
    isDelivered ||= events.some(
      ({ event }) => event.type === "SignalDelivered" && event.signalId === signalId,
    );
    if (isDelivered || events.length < 2_000) break;
    afterSeq = events.at(-1)?.seq ?? 0;
  }
  if (!isDelivered)
    return `${runId} received ${name}. Its code does not wait for it now; it is kept until it does.`;
  const { shown, why } = await api.runs.get.query({ runId });
  return `${runId} received ${name}, and its code has it. The run is ${shown}${why === undefined ? "." : `: ${why}`}`;
}
