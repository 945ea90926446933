import type { IncomingMessage } from "node:http";

const mostBytes = 8_192;

/** The fields of a form as a browser posts it; `undefined` for anything else, or more than a form of ours can be. */
export async function formBody(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") return undefined;
  const body = await upTo(request, mostBytes);
  return body === undefined ? undefined : new URLSearchParams(body.toString("utf8"));
}

/** `undefined` for more, or where whoever sends it breaks off. */
async function upTo(request: IncomingMessage, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // The connection stays, for an answer that says what is wrong.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) return undefined;
      bytes += chunk.length;
      if (bytes > most) {
        // Read to its end and thrown away: with bytes that wait, a connection is reset and the answer with it.
        request.resume();
        return undefined;
      }
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}
