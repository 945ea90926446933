import { type AlertChannels, type AlertChannelView, ApiError } from "@downbeat/api";
import type { AlertConfig, Resolved } from "./channel-config.ts";
import { type AlertNote, textOf } from "./note.ts";
import { postJson } from "./post-json.ts";
import { sendAlertmanager } from "./send-alertmanager.ts";
import { sendEmail } from "./send-email.ts";
import { sendWebhook } from "./send-webhook.ts";

/** Nobody's chat is flooded by a button. */
const testedOnceMs = 5_000;

/** The channels of one namespace: they are the server's, what is said names the namespace. */
export class ConfiguredChannels implements AlertChannels {
  /** By name. */
  readonly all: readonly AlertChannelView[];
  readonly #config: AlertConfig;
  readonly #namespace: string;
  readonly #now: () => number;
  readonly #tested = new Map<string, number>();

  constructor(config: AlertConfig, namespace: string, now: () => number = Date.now) {
    this.all = [...config.channels]
      .map(([name, channel]) => ({ name, kind: channel.kind, to: leadsTo(channel) }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    this.#config = config;
    this.#namespace = namespace;
    this.#now = now;
  }

  /** Told again and again while an incident goes on. */
  repeats(channel: string): boolean {
    return this.#config.channels.get(channel)?.kind === "alertmanager";
  }

  async test(channel: string, by: string): Promise<void> {
    const now = this.#now();
    if (!this.#config.channels.has(channel))
      throw new ApiError("notFound", `The server's configuration has no channel called ${channel}.`);
    const last = this.#tested.get(channel) ?? Number.NEGATIVE_INFINITY;
    if (now - last < testedOnceMs)
      throw new ApiError("badInput", `${channel} was tested just now: try again in a moment.`);
    this.#tested.set(channel, now);
    const refused = await this.send(channel, {
      id: `test/${now}`,
      of: "test",
      namespace: this.#namespace,
      ruleId: "test",
      name: "Test of this channel",
      sentence: `${by} wanted to see whether this arrives. Nothing is wrong.`,
      openedAt: now,
      resolvedAt: undefined,
      url: this.page,
    }).catch((error: Error) => {
      throw new ApiError("unavailable", `It was not delivered. ${error.message}`, { cause: error });
    });
    if (refused !== undefined) throw new ApiError("unavailable", `It was not delivered to all. ${refused}`);
  }

  /** Of alerts, where people reach it. */
  get page(): string | undefined {
    const { dashboard } = this.#config;
    return dashboard === undefined ? undefined : `${dashboard}/${this.#namespace}/alerts`;
  }

  /**
   * @returns a sentence where it reached some and not others
   * @throws Error with a sentence when it could not be delivered
   */
  async send(channel: string, note: AlertNote): Promise<string | undefined> {
    const found = this.#config.channels.get(channel);
    if (found === undefined) throw new Error("The server's configuration has no channel of this name.");
    switch (found.kind) {
      case "webhook":
        await sendWebhook(found, note, this.#now());
        return undefined;
      case "slack":
        await postJson(found.url, JSON.stringify({ text: slackText(textOf(note)) }));
        return undefined;
      case "alertmanager":
        await sendAlertmanager(found.url, note, this.#now());
        return undefined;
      case "email":
        return sendEmail(found, note);
    }
  }
}

/** The rest of an address may be what lets one in. */
function leadsTo(channel: Resolved): string {
  return channel.kind === "email" ? channel.to.join(", ") : new URL(channel.url).host;
}

/** What is a mark of Slack's own is text here: https://docs.slack.dev/messaging/formatting-message-text */
function slackText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
