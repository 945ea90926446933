export { type Clock, systemClock } from "./clock.ts";
export { LogError, type LogErrorCode } from "./log-error.ts";
export type {
  Consumer,
  ConsumerOptions,
  MessageLog,
  OutgoingMessage,
  Producer,
  ProducerOptions,
  Reader,
  ReaderOptions,
  ReadFrom,
  ReceivedMessage,
  SessionOptions,
  SubscriptionStats,
  SubscriptionType,
  Topic,
  TopicStats,
} from "./message-log.ts";
export { comparePositions, type Position, parsePosition, position } from "./position.ts";
