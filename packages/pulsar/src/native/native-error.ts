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

/** True for what the C++ client also says of a refused token: it asks again until its time is over. */
export function isUnreachable(cause: unknown): boolean {
  return cause instanceof Error && /TimeOut|ConnectError/.test(cause.message);
}
