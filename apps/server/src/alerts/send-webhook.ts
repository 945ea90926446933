import { createHmac } from "node:crypto";
import type { AlertNote } from "./note.ts";
import { postJson } from "./post-json.ts";

/** Signed as Standard Webhooks 1.0 says (https://www.standardwebhooks.com): libraries of many languages check it. */
export async function sendWebhook(
  { url, secret }: { readonly url: string; readonly secret: string | undefined },
  note: AlertNote,
  now: number,
): Promise<void> {
  const { id, of, namespace, ruleId, name, sentence, openedAt, resolvedAt, url: page } = note;
  const body = JSON.stringify({
    type: `alert.${of}`,
    timestamp: new Date(now).toISOString(),
    data: {
      id,
      namespace,
      rule: { id: ruleId, name },
      message: sentence,
      openedAt: new Date(openedAt).toISOString(),
      ...(resolvedAt !== undefined && { resolvedAt: new Date(resolvedAt).toISOString() }),
      ...(page !== undefined && { url: page }),
    },
  });
  const messageId = `${id}/${of}`;
  const timestamp = String(Math.floor(now / 1_000));
  await postJson(url, body, {
    "webhook-id": messageId,
    "webhook-timestamp": timestamp,
    ...(secret !== undefined && {
      "webhook-signature": `v1,${signature(secret, `${messageId}.${timestamp}.${body}`)}`,
    }),
  });
}

export function signature(secret: string, content: string): string {
  // With the prefix it is written in Base64, as the specification wants; anything else is the key itself.
  const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice("whsec_".length), "base64") : secret;
  return createHmac("sha256", key).update(content).digest("base64");
}
