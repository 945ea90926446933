import { maxPayloadBytes } from "@downbeat/domain";
import { z } from "zod";
import { BusinessError, NonRetryableError } from "../errors.ts";

/** White space and escapes of the service's may be gone in the payload; of what is longer, only the beginning is read. */
const maxBytes = maxPayloadBytes * 3;

const errorBody = z.object({
  error: z.object({
    name: z.string().min(1),
    message: z.string(),
    business: z.boolean().optional(),
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
export async function resultOf(response: Response, url: URL): Promise<unknown> {
  const { status } = response;
  const text = await read(response);
  if (status >= 200 && status < 300) return parseResult(text, status, url);

  const body = errorBody.safeParse(tryParse(text)).data?.error;
  const where = `POST ${url.origin}${url.pathname} answered ${status}`;
  const message = body?.message ?? `${where}${text === "" ? "" : `: ${text.slice(0, 500)}`}`;
  const name = body?.name ?? `Http${status}`;
  const isClientError = status >= 400 && status < 500;
  if (isClientError && (body?.business ?? businessStatuses.has(status))) {
    throw new BusinessError(name, message, body?.details);
  }
  if (status >= 500 || retryableStatuses.has(status)) {
    const error = new Error(message);
    error.name = name;
    throw error;
  }
  throw new NonRetryableError(name, message);
}

function parseResult(text: string, status: number, url: URL): unknown {
  if (text === "") return null;
  const result = tryParse(text);
  if (result !== undefined) return result;
  const error = new Error(
    `POST ${url.origin}${url.pathname} answered ${status} with what is no JSON: ${text.slice(0, 200)}`,
  );
  error.name = "InvalidResponse";
  throw error;
}

async function read(response: Response): Promise<string> {
  if (response.body === null) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      if (!response.ok) break;
      throw new NonRetryableError("ResponseTooLarge", `The answer is longer than ${maxBytes} bytes.`);
    }
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** `undefined` for what is no JSON. */
function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
