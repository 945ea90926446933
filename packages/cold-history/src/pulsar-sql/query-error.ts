import { z } from "zod";
import { ColdError } from "../port/cold-error.ts";
import type { CheckedAddress } from "./address.ts";
import { StatusError } from "./trino-client.ts";

const trinoError = z.object({
  message: z.string(),
  errorName: z.string(),
  errorType: z.string().optional(),
  errorLocation: z.object({ lineNumber: z.number(), columnNumber: z.number() }).optional(),
});
type TrinoError = z.infer<typeof trinoError>;

const wrapped = z.object({ error: z.unknown() });

/** Whatever presto-client hands to an error callback, as a sentence for people. */
export function coldError(error: unknown, address: CheckedAddress): ColdError {
  if (error instanceof ColdError) return error;
  const said = trinoError.safeParse(error);
  if (said.success) return ofTrino(said.data, address);
  if (error instanceof StatusError) return ofStatus(error, address);
  const inner = error instanceof Error ? undefined : wrapped.safeParse(error).data?.error;
  if (inner !== undefined) return coldError(inner, address);
  const reason = error instanceof Error ? error.message : JSON.stringify(error);
  return new ColdError(
    "unavailable",
    `Pulsar SQL does not answer at ${address.origin} (${reason}). Is it running?`,
    {
      cause: error,
    },
  );
}

/** Of the topic's schema, as the questions name its fields. */
const ownColumn = /'h\.(decisions|kind|id|prev|epoch|claimid|owner|at)'/i;

function ofStatus(error: StatusError, { origin, user }: CheckedAddress): ColdError {
  const { status } = error;
  const options = { cause: error };
  if (status === 401 || status === 403) {
    return new ColdError(
      "refused",
      `Pulsar SQL at ${origin} refuses the user ${user} (${status}): check its password or token.`,
      options,
    );
  }
  if (status >= 500)
    return new ColdError("unavailable", `Pulsar SQL at ${origin} is not ready (${status}).`, options);
  return new ColdError(
    "unavailable",
    `What answers at ${origin} is not Pulsar SQL (${status}): check its address.`,
    options,
  );
}

function ofTrino(error: TrinoError, { catalogue, schema }: CheckedAddress): ColdError {
  const { message, errorName, errorType, errorLocation } = error;
  const options = { cause: error, line: errorLocation?.lineNumber, column: errorLocation?.columnNumber };
  switch (errorName) {
    case "CATALOG_NOT_FOUND":
      if (!message.includes(`'${catalogue}'`)) break;
      return new ColdError(
        "notSetUp",
        `Pulsar SQL has no catalogue ${catalogue}: its Pulsar connector is not set up.`,
        options,
      );
    case "SCHEMA_NOT_FOUND":
    case "NOT_FOUND":
    case "TABLE_NOT_FOUND":
      if (!message.toLowerCase().includes(schema.toLowerCase())) break;
      if (/schema/i.test(message)) {
        return new ColdError("notSetUp", `Pulsar SQL finds no namespace ${schema} in the cluster.`, options);
      }
      if (/\.history\b/.test(message))
        return new ColdError(
          "notSetUp",
          `The namespace ${schema} has no history topic: run downbeat setup.`,
          options,
        );
      break;
    case "COLUMN_NOT_FOUND":
      if (!ownColumn.test(message)) break;
      return new ColdError("notSetUp", noSchema(schema), options);
    case "PERMISSION_DENIED":
      return new ColdError("refused", `Pulsar SQL does not allow it: ${message}`, options);
    case "EXCEEDED_TIME_LIMIT":
    case "EXCEEDED_CPU_LIMIT":
      return new ColdError(
        "timeout",
        `Pulsar SQL ended the query: ${message} Ask for a shorter period.`,
        options,
      );
    case "USER_CANCELED":
    case "ADMINISTRATIVELY_KILLED":
      return new ColdError("cancelled", "The query was cancelled.", options);
    case "QUERY_QUEUE_FULL":
      return new ColdError("busy", "Pulsar SQL has too many queries waiting: try again in a while.", options);
    default:
  }
  if (errorType === "USER_ERROR") return new ColdError("invalid", plain(message), options);
  if (message.includes("JsonParseException")) {
    return new ColdError(
      "failed",
      `A message in this period is no JSON, and Pulsar SQL can't read across it: ${firstLine(message)}`,
      options,
    );
  }
  return new ColdError("failed", `Pulsar SQL could not answer: ${firstLine(message)}`, options);
}

export function noSchema(schema: string): string {
  return `The history topic of ${schema} has no schema, so Pulsar SQL knows no columns: run downbeat setup.`;
}

/** As a sentence, without the place that `line` and `column` say. */
function plain(message: string): string {
  const said = message.replace(/^line \d+:\d+: /, "");
  return /[.!?:]$/.test(said) ? said : `${said}.`;
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? message;
}
