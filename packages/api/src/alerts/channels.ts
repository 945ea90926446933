/** By which way somebody is told. */
export type AlertChannelKind = "webhook" | "slack" | "email" | "alertmanager";

export interface AlertChannelView {
  readonly name: string;
  readonly kind: AlertChannelKind;
  /** Where it leads, without what is secret in it; empty for those who may not set alerts. */
  readonly to: string;
}

/** Where people can be told, as the server's configuration says. */
export interface AlertChannels {
  readonly all: readonly AlertChannelView[];
  /**
   * Sends something that says that it is a test.
   *
   * @throws Error with a sentence when it could not be delivered
   */
  test(channel: string, by: string): Promise<void>;
}

/** Whether incidents are found by the server that answers. */
export interface AlertWatching {
  /** `elsewhere`: another server of this namespace does it. */
  readonly is: "here" | "elsewhere" | "idle" | "unknown";
  /** Why nobody does, as far as this server knows. */
  readonly trouble?: string;
  /** When this server last looked at all rules, ms since the epoch. */
  readonly lookedAt?: number;
  /** What it could not say, by rule. */
  readonly unknown: ReadonlyMap<string, string>;
}
