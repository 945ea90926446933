import { LogError, type LogErrorCode } from "@downbeat/message-log";

/** Names of the C++ client's results, which stand in its error messages, and what they mean to the caller. */
const meanings: readonly (readonly [RegExp, LogErrorCode])[] = [
  [/ProducerBusy|ConsumerBusy|ProducerFenced/, "conflict"],
  [/TopicNotFound|NotFound/, "missing"],
  [/Authentication|Authorization/, "unauthorized"],
  [/MessageTooBig/, "tooLarge"],
  [/InvalidTopicName|InvalidConfiguration|InvalidUrl|InvalidMessage/, "invalid"],
];

export function nativeError(doing: string, cause: unknown): LogError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = meanings.find(([pattern]) => pattern.test(message))?.[1] ?? "unavailable";
  return new LogError(code, `${doing}: ${message}`, { cause });
}

/** The same for opening a session: who can't be reached may be somewhere else. */
export function openingError(doing: string, cause: unknown, brokerUrl: string): LogError {
  const error = nativeError(doing, cause);
  if (!/TimeOut|ConnectError/.test(error.message)) return error;
  return new LogError(
    error.code,
    `${doing}: no broker answers at ${brokerUrl}. If they are elsewhere, say so with DOWNBEAT_PULSAR_BROKER_URL or --pulsar-broker.`,
    { cause },
  );
}
