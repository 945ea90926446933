import { z } from "zod";

/** No key of ours has fewer. */
export const leastKeyBytes = 32;

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A key as its file has it. */
export const keySecret = z
  .string()
  .regex(base64, "base64")
  .refine(
    (text) => Buffer.from(text, "base64").length >= leastKeyBytes,
    `at least ${leastKeyBytes} bytes, in base64`,
  );
