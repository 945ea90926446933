import { LogError } from "@downbeat/message-log";

/**
 * - `carriedOut`: as Pulsar does
 * - `noEffect`: it is taken and changes nothing for who gives it, since the log has no such thing
 * - `refused`: it is taken nowhere, as what it asks for would not happen
 */
type Support = "carriedOut" | "noEffect" | "refused";

export interface Parameter {
  readonly name: string;
  readonly support: Support;
  /** In words, for docs/web-socket-api.md and, where it is refused, for who gave it. */
  readonly note?: string;
}

const token: Parameter = { name: "token", support: "carriedOut" };
const encryption = (name: string): Parameter => ({
  name,
  support: "refused",
  note: "the log encrypts nothing: encrypt payloads yourself",
});

/** The parameters of Pulsar's WebSocket API. What is not among them is refused too. */
export const parameters: Readonly<Record<"producer" | "consumer" | "reader", readonly Parameter[]>> = {
  producer: [
    { name: "producerName", support: "carriedOut" },
    { name: "initialSequenceId", support: "carriedOut" },
    {
      name: "sendTimeoutMillis",
      support: "noEffect",
      note: "a receipt comes, or the session ends with the reason",
    },
    { name: "batchingEnabled", support: "noEffect", note: "messages are committed together anyway" },
    { name: "batchingMaxMessages", support: "noEffect", note: "as batchingEnabled" },
    { name: "batchingMaxPublishDelay", support: "noEffect", note: "as batchingEnabled" },
    { name: "maxPendingMessages", support: "noEffect", note: "5,000 may be without a receipt" },
    { name: "messageRoutingMode", support: "noEffect", note: "a session is on one partition" },
    { name: "hashingScheme", support: "noEffect", note: "as messageRoutingMode" },
    { name: "compressionType", support: "noEffect", note: "messages come as they were sent" },
    token,
    encryption("encryptionKeys"),
  ],
  consumer: [
    { name: "subscriptionType", support: "carriedOut" },
    { name: "subscriptionMode", support: "carriedOut" },
    { name: "subscriptionInitialPosition", support: "carriedOut" },
    { name: "receiverQueueSize", support: "carriedOut", note: "1,000 at most" },
    { name: "consumerName", support: "carriedOut" },
    { name: "ackTimeoutMillis", support: "carriedOut", note: "1,000 at least, as Pulsar's" },
    { name: "negativeAckRedeliveryDelay", support: "carriedOut" },
    { name: "pullMode", support: "carriedOut" },
    { name: "maxRedeliverCount", support: "carriedOut" },
    { name: "deadLetterTopic", support: "carriedOut" },
    { name: "priorityLevel", support: "refused", note: "all consumers of a subscription are alike" },
    token,
    encryption("cryptoFailureAction"),
    ...[
      "maxPendingChunkedMessage",
      "autoAckOldestChunkedMessageOnQueueFull",
      "expireTimeOfIncompleteChunkedMessage",
    ].map((name): Parameter => ({ name, support: "noEffect", note: "messages are never in chunks" })),
  ],
  reader: [
    { name: "messageId", support: "carriedOut" },
    { name: "receiverQueueSize", support: "carriedOut", note: "1,000 at most" },
    { name: "readerName", support: "noEffect", note: "nothing is shown by it" },
    token,
    encryption("cryptoFailureAction"),
  ],
};

/** @throws LogError that names what can't be carried out */
export function checkParameters(kind: keyof typeof parameters, query: URLSearchParams): void {
  for (const name of query.keys()) {
    const known = parameters[kind].find((one) => one.name === name);
    if (known === undefined) {
      const names = parameters[kind].filter(({ support }) => support !== "refused").map((one) => one.name);
      throw new LogError(
        "invalid",
        `The log knows no parameter ${JSON.stringify(name.slice(0, 100))} of a ${kind}: there is ${names.join(", ")}.`,
      );
    }
    if (known.support === "refused")
      throw new LogError("invalid", `${name} is not carried out here: ${known.note}.`);
  }
}
