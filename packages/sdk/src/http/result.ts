import { z } from "zod";
import { BusinessError, NonRetryableError, RetryLaterError } from "../errors.ts";
import { type HttpAnswer, maxBodyBytes } from "./exchange.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { Service } from "./service.ts";

/** What is wrong in one field costs no other. */
const errorBody = z.object({
  error: z.object({
    name: z.string().min(1).optional().catch(undefined),
    message: z.string().min(1).optional().catch(undefined),
    business: z.boolean().optional().catch(undefined),
    details: z.unknown().optional(),
  }),
});

const businessStatuses = new Set([409, 422]);
const retryableStatuses = new Set([408, 425, 429]);

/**
 * The result that a service's answer means.
 *
 * @throws BusinessError, NonRetryableError, or another error when trying again may help
 */
export function resultOf(answer: HttpAnswer, { shown, secrets }: Service): unknown {
  const { status, text, headers, isTooLong } = answer;
  const where = `POST ${shown} answered ${status}`;
  if (status >= 200 && status < 300) {
    if (isTooLong)
      throw new NonRetryableError("ResponseTooLarge", `${where} with more than ${maxBodyBytes} bytes.`);
    return parsed(text, (beginning) => secrets.hide(`${where} with what is no JSON: ${beginning}`));
  }
  const body = secrets.hide(errorBody.safeParse(tryParse(text)).data?.error);
  const message = body?.message ?? secrets.hide(`${where}${text === "" ? "" : `: ${text.slice(0, 500)}`}`);
  const name = body?.name ?? `Http${status}`;
  const isClientError = status >= 400 && status < 500;
  if (isClientError && (body?.business ?? businessStatuses.has(status)))
    throw new BusinessError(name, message, body?.details);
  if (status >= 500 || retryableStatuses.has(status)) {
    const wait = retryAfterMs(headers);
    if (wait !== undefined) throw new RetryLaterError(name, message, wait);
    const error = new Error(message);
    error.name = name;
    throw error;
  }
  throw new NonRetryableError(name, message);
}

function parsed(text: string, message: (beginning: string) => string): unknown {
  if (text === "") return null;
  const result = tryParse(text);
  if (result !== undefined) return result;
  const error = new Error(message(text.slice(0, 200)));
  error.name = "InvalidResponse";
  throw error;
}

/** `undefined` for what is no JSON. */
function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
