import { longestDurationMs } from "@downbeat/domain";
import { halfPair } from "@downbeat/protocol";
import { z } from "zod";
import type { PayloadCodec } from "../codec/payload-codec.ts";
import type { LoggerOption } from "../logging/careful-logger.ts";
import { field } from "../thrown/careful.ts";

/** Options in ms are whole where they are stored: parts of one are rounded up once, here. */
export function durationMs(least: number) {
  const error = `it is a number of milliseconds from ${least} to ${longestDurationMs} (100 years)`;
  return z
    .number({ error })
    .min(least, { error })
    .max(longestDurationMs, { error })
    .transform((ms) => Math.ceil(ms) + 0);
}

export function wholeNumber(least: number, most: number) {
  const error = `it is a whole number from ${least} to ${most}`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
}

export function number(least: number, most: number) {
  const error = `it is a number from ${least} to ${most}`;
  // JSON knows no -0.
  return z
    .number({ error })
    .min(least, { error })
    .max(most, { error })
    .transform((given) => given + 0);
}

/** A text for people, fit to be written as UTF-8. */
export function shortText(most: number) {
  const error = `it is a text of 1 to ${most} characters`;
  return z
    .string({ error })
    .min(1, { error })
    .max(most, { error })
    .refine((text) => text.isWellFormed(), { error: halfPair });
}

export function oneOf<const Choice extends string>(...choices: readonly [Choice, ...Choice[]]) {
  return z.enum(choices, { error: `it is ${choices.map((choice) => `"${choice}"`).join(" or ")}` });
}

export const messageLog = objectWith("a message log", "openProducer", "openConsumer", "openReader");
export const connection = objectWith("what connect() gives", "close", "onClose");
export const payloadCodec = objectWith("what aesCodec() gives", "encode", "decode").transform(
  (codec) => codec as PayloadCodec,
);
export const clock = objectWith("a clock", "now", "setTimer");
const levels = ["debug", "info", "warn", "error"] as const;
/** `false`: none. */
export const logger = z.custom<LoggerOption>(
  (value) => value === false || levels.every((name) => typeof field(value, name) === "function"),
  { error: "it is an object with debug, info, warn and error, such as pino's or console, or false for none" },
);
/** For one of a few fields that has a check of its own. */
export const anything = z.unknown().optional();

/** Something to call. What it takes and gives is a matter of types. */
export const callable = z.custom<(...args: never[]) => unknown>((value) => typeof value === "function", {
  error: "it is a function",
});

export const zodSchema = z.custom<z.ZodType>((value) => typeof field(value, "safeParse") === "function", {
  error: "it is a zod schema",
});

/** An object with these methods. */
function objectWith(what: string, ...methods: readonly string[]) {
  return z.custom<object>((value) => methods.every((name) => typeof field(value, name) === "function"), {
    error: `it is ${what}`,
  });
}
