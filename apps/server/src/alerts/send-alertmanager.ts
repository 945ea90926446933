import type { AlertNote } from "./note.ts";
import { postJson } from "./post-json.ts";

/** Told again this often while it goes on, it stays; when nobody does, Alertmanager takes it for over after `staysMs`. */
export const repeatedEveryMs = 60_000;
const staysMs = 5 * repeatedEveryMs;

/** As Prometheus sends alerts: version 2 of Alertmanager's API. */
export async function sendAlertmanager(url: string, note: AlertNote, now: number): Promise<void> {
  const { of, namespace, ruleId, name, sentence, openedAt, resolvedAt, url: page } = note;
  const endsAt = of === "opened" ? now + staysMs : (resolvedAt ?? now + repeatedEveryMs);
  const alert = {
    labels: {
      alertname: name,
      namespace,
      rule: ruleId,
      source: "downbeat",
      ...(of === "test" && { test: "true" }),
    },
    annotations: { summary: sentence },
    startsAt: new Date(openedAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
    ...(page !== undefined && { generatorURL: page }),
  };
  await postJson(`${url.replace(/\/+$/, "")}/api/v2/alerts`, JSON.stringify([alert]));
}
