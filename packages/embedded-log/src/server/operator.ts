import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { LogError } from "@downbeat/message-log";
import { z } from "zod";
import type { EmbeddedLog } from "../embedded-log.ts";
import type { AdminReply } from "./admin.ts";

const backUpRequest = z.object({ directory: z.string().min(1).max(10_000) });

/** The part of the API that Pulsar's has nothing of. */
export const operatorPath = "/admin/downbeat/";

/**
 * What only who runs the log may ask: it writes files with the rights of this process, so a token is needed, which stands where only they can read it.
 *
 * @throws LogError
 */
export async function answerOperator(
  request: IncomingMessage,
  body: () => Promise<string>,
  { log, token }: { readonly log: EmbeddedLog; readonly token: string | undefined },
): Promise<AdminReply> {
  if (token === undefined || !isToken(request.headers.authorization ?? "", `Bearer ${token}`))
    throw new LogError("unauthorized", "This takes the token of the log's operator.");
  if (request.method !== "POST" || request.url !== `${operatorPath}backup`)
    throw new LogError("missing", "There is POST /admin/downbeat/backup.");
  const parsed = backUpRequest.safeParse(jsonOf(await body()));
  if (!parsed.success) throw new LogError("invalid", `This is no request: ${z.prettifyError(parsed.error)}`);
  return { status: 200, body: JSON.stringify({ file: await log.backUp(parsed.data.directory) }) };
}

function isToken(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
