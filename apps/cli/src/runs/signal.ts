import { Command } from "commander";
import { ask } from "../api/client.ts";
import { awaitOutcome, reportOutcome } from "../api/outcome.ts";
import { jsonInput } from "../input/json-input.ts";
import { type ApiOptions, withApi } from "../input/options.ts";

interface Options extends ApiOptions {
  readonly payload?: string;
  readonly payloadFile?: string;
  readonly signalId?: string;
}

const answerWithinSeconds = 10;

export function signalCommand(): Command {
  return withApi(
    new Command("signal")
      .description("Send a signal to a run")
      .argument("<runId>")
      .argument("<name>")
      .option("--payload <json>", "what comes with it; - reads it from standard input")
      .option("--payload-file <path>", "the same from a file")
      .option("--signal-id <id>", "a run takes a signal of one id once"),
  ).action(sendSignal);
}

async function sendSignal(runId: string, name: string, options: Options): Promise<void> {
  const payload = (await jsonInput({ value: options.payload, file: options.payloadFile })) ?? "null";
  const { signalId, json } = options;
  await ask(options, async (api) => {
    const sent = await api.runs.signal.mutate({
      runId,
      name,
      payload,
      ...(signalId !== undefined && { signalId }),
    });
    reportOutcome(await awaitOutcome(api, sent, answerWithinSeconds), json, `Sent ${name} to ${runId}.`);
  });
}
