import { type LabelClause, parseLabels } from "@downbeat/domain";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { z } from "zod";
import type { ApiAddress } from "../api/client.ts";

export interface ApiOptions extends ApiAddress {
  readonly json: boolean;
}

/** What every command that asks the server takes. */
export function withApi(command: Command): Command {
  return command
    .addOption(
      new Option("--url <address>", "address of the server")
        .env("DOWNBEAT_URL")
        .default("http://127.0.0.1:3000"),
    )
    .addOption(
      new Option("--tenant <name>", "tenant; by default the first one the server serves").env(
        "DOWNBEAT_TENANT",
      ),
    )
    .addOption(
      new Option("--namespace <name>", "namespace; by default the first one the server serves").env(
        "DOWNBEAT_NAMESPACE",
      ),
    )
    .option("--json", "print the API's answer as JSON (docs/cli.md lists the fields)", false);
}

/** What every action takes. */
export function withAction(command: Command): Command {
  return withApi(
    command
      .requiredOption("--reason <text>", "the reason, recorded in the run's history with your name")
      .addOption(actionIdOption()),
  );
}

export function actionIdOption(): Option {
  return new Option(
    "--action-id <id>",
    "an id of your own for the action; sending it again with the same id is safe, for instance after a lost connection",
  );
}

export interface ActionOptions extends ApiOptions {
  readonly reason: string;
  readonly actionId?: string;
}

export function waitOption(what: string, seconds: number): Option {
  return new Option("--wait <seconds>", what).default(seconds).argParser(number(0, 86_400));
}

export function number(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= low && value <= high)) {
      throw new InvalidArgumentError(`Give a number from ${low} to ${high}.`);
    }
    return value;
  };
}

/** All of them have to hold, those that were given before too. */
export function conditions(text: string, known: LabelClause[] = []): LabelClause[] {
  const parsed = parseLabels(text);
  if ("problem" in parsed) throw new InvalidArgumentError(parsed.problem);
  return [...known, ...parsed.clauses];
}

export function label(text: string, known: Record<string, string> = {}): Record<string, string> {
  const split = text.indexOf("=");
  if (split < 1) throw new InvalidArgumentError("Give a label such as order=4711.");
  if (text.startsWith("__proto__=")) throw new InvalidArgumentError("A label can't be named __proto__.");
  return { ...known, [text.slice(0, split)]: text.slice(split + 1) };
}

/** A whole number. */
export function whole(low: number, high: number): (text: string) => number {
  const parse = number(low, high);
  return (text) => {
    const value = parse(text);
    if (!Number.isInteger(value))
      throw new InvalidArgumentError(`Give a whole number from ${low} to ${high}.`);
    return value;
  };
}

export function list(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** What the schema makes of it. A variable that is set to nothing is not set. */
export function parsedBy<T>(schema: z.ZodType<T>): (text: string) => T | undefined {
  return (text) => {
    if (text === "") return undefined;
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    const message = parsed.error.issues[0]?.message ?? "";
    // Our own schemas say what they take; zod's sentences are whole.
    throw new InvalidArgumentError(`${/^\p{Ll}/u.test(message) ? "Expected " : ""}${message}.`);
  };
}
