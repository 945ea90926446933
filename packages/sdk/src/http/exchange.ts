import * as http from "node:http";
import * as https from "node:https";
import { maxPayloadBytes } from "@downbeat/domain";
import { thrownText } from "../thrown/read-thrown.ts";

/** White space and escapes of the service's may be gone in the payload; of what is longer, only the beginning is read. */
export const maxBodyBytes = maxPayloadBytes * 3;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Its beginning, if it is too long. */
  readonly text: string;
  readonly isTooLong: boolean;
}

/** How far the exchange came, for the sentence about its end. */
export interface Progress {
  status?: number;
  bytes: number;
}

export interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * One POST and the whole of its answer; redirects are not followed. Nothing limits its time but the signal: `fetch` gives up after five minutes, whatever it
 * is told.
 */
export function exchange(url: URL, { headers, body, signal, progress }: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === "https:" ? https : http;
    const content = { ...headers, "content-length": String(Buffer.byteLength(body)) };
    const sent = request(url, { method: "POST", headers: content, signal }, (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      progress.status = status;
      const chunks: Uint8Array[] = [];
      const end = (isTooLong: boolean): void => {
        resolve({ status, headers: answered, text: textOf(Buffer.concat(chunks), answered), isTooLong });
      };
      response.on("data", (chunk: Uint8Array) => {
        chunks.push(chunk);
        progress.bytes += chunk.byteLength;
        if (progress.bytes <= maxBodyBytes) return;
        end(true);
        response.destroy();
      });
      response.on("end", () => end(false));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** In the encoding that the service names, UTF-8 where it names none that is known; without a byte order mark. */
function textOf(body: Uint8Array, headers: http.IncomingHttpHeaders): string {
  const charset = /;\s*charset="?([^\s";]+)/i.exec(headers["content-type"] ?? "")?.[1];
  return decoder(charset).decode(body);
}

function decoder(charset: string | undefined): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

/** What came of it: of several addresses that were tried, and of what has a code alone. */
export function reasonOf(error: unknown): string {
  return thrownText(error).trim() || "the connection was lost";
}
