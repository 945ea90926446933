import { givenLabels } from "@downbeat/protocol";
import { z } from "zod";
import {
  anything,
  callable,
  clock,
  connection,
  logger,
  messageLog,
  oneOf,
  payloadCodec,
  shortText,
} from "../options/fields.ts";

const error = "they are an object";

export const clientOptions = z.strictObject(
  {
    connection: connection.exactOptional(),
    log: messageLog.exactOptional(),
    logger: logger.optional(),
    codec: payloadCodec.optional(),
    actor: shortText(200).optional(),
    lookup: callable.optional(),
    answerWithin: anything,
    onProblem: callable.optional(),
    clock: clock.optional(),
  },
  { error },
);

/** As labels are, and `null` for one that a run does not have. */
export const saidLabels = z.preprocess(
  (value) =>
    isPlain(value) ? Object.fromEntries(Object.entries(value).filter(([, said]) => said !== null)) : value,
  givenLabels,
);

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const runOptions = z.strictObject({ labels: anything }, { error });

export const startOptions = z.strictObject(
  {
    runId: anything,
    labels: anything,
    ifExists: oneOf("use", "fail").optional(),
    wait: oneOf("accepted", "sent").optional(),
  },
  { error },
);
