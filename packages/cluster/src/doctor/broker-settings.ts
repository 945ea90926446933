import { longestDelayMs } from "@downbeat/protocol";
import type { Check, Finding, Severity } from "./finding.ts";

interface Rule {
  readonly setting: string;
  readonly isWrong: (value: string) => boolean;
  readonly id: string;
  readonly severity: Severity;
  readonly means: string;
  /** What it should be. */
  readonly wanted: string;
}

const isOff = (value: string): boolean => value === "false";

const rules: readonly Rule[] = [
  {
    setting: "webSocketServiceEnabled",
    isWrong: isOff,
    id: "websocket-off",
    severity: "error",
    means: "no process can connect, unless a WebSocket proxy of its own stands in front of the brokers",
    wanted: "true",
  },
  {
    setting: "webSocketMaxTextFrameSize",
    isWrong: (value) => Number(value) < 1_048_576,
    id: "websocket-frame-small",
    severity: "error",
    means: "what is larger ends the session that sends it, again and again",
    wanted: "1048576",
  },
  {
    setting: "webSocketSessionIdleTimeoutMillis",
    isWrong: (value) => Number(value) > 60_000,
    id: "websocket-idle-long",
    severity: "warning",
    means: "a paused or vanished process keeps its partitions for so long",
    wanted: "10000",
  },
  {
    setting: "bookkeeperExplicitLacIntervalInMills",
    isWrong: (value) => Number(value) <= 0,
    id: "explicit-lac-missing",
    severity: "warning",
    means: "Pulsar SQL never sees the newest entry of each partition",
    wanted: "500",
  },
  {
    setting: "bookkeeperUseV2WireProtocol",
    isWrong: (value) => value === "true",
    id: "bookkeeper-v2-protocol",
    severity: "warning",
    means:
      "the explicit last-add-confirmed is not sent over it, so Pulsar SQL never sees the newest entry of each partition",
    wanted: "false",
  },
  {
    setting: "managedLedgerNewEntriesCheckDelayInMillis",
    isWrong: (value) => Number(value) > 0,
    id: "new-entries-delay",
    severity: "warning",
    means: "each hop from one process to the next takes about 8 ms longer",
    wanted: "0",
  },
  {
    setting: "delayedDeliveryEnabled",
    isWrong: isOff,
    id: "delayed-delivery-off",
    severity: "error",
    means: "wake-ups of timers come at once and are sent again without end",
    wanted: "true",
  },
  {
    setting: "delayedDeliveryMaxDelayInMillis",
    isWrong: (value) => Number(value) > 0 && Number(value) < longestDelayMs,
    id: "delayed-delivery-short",
    severity: "error",
    means: `wake-ups are sent up to ${longestDelayMs / 60_000} min ahead and would be refused`,
    wanted: "0",
  },
  {
    setting: "isSchemaValidationEnforced",
    isWrong: (value) => value === "true",
    id: "schema-enforced-by-broker",
    severity: "error",
    means: "history has a schema, and WebSocket producers send bytes: they are refused",
    wanted: "false",
  },
  {
    setting: "topicLevelPoliciesEnabled",
    isWrong: isOff,
    id: "topic-policies-off",
    severity: "note",
    means: "retention is the namespace's: all its topics are kept as long as history",
    wanted: "true",
  },
  {
    setting: "allowAutoTopicCreation",
    isWrong: isOff,
    id: "auto-topics-off",
    severity: "note",
    means:
      "attempts of a job type, and questions for a workflow, whose topic was not made ahead can't be sent by an engine that may not make topics; those for one build take the workflow's topic, and longer",
    wanted: "true, or make them with downbeat setup --jobs <types> --workflows <names> --builds <names>",
  },
];

export const brokerSettings: Check = ({ runtime }) => {
  if (runtime === undefined)
    return [
      {
        id: "broker-settings-unseen",
        severity: "unseen",
        found: "the token may not look at the broker's settings",
        means: `not checked: ${rules.map(({ setting }) => setting).join(", ")}`,
        mend: "run it with a superuser's token, or compare with docs/pulsar.md",
      },
    ];
  return rules.flatMap(({ setting, isWrong, id, severity, means, wanted }): Finding[] => {
    const value = runtime[setting];
    if (value === undefined || !isWrong(value)) return [];
    const mend = `in broker.conf of each broker: ${setting}=${wanted}; then restart it`;
    return [{ id, severity, found: `${setting}=${value}`, means, mend }];
  });
};
