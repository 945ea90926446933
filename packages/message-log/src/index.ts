export { checkedLog } from "./checked-log.ts";
export { type Clock, monotonic, systemClock } from "./clock.ts";
export { checkConsumerOptions, mostUnacknowledged } from "./consumer-limits.ts";
export { damagedProperty, damageOf } from "./damage.ts";
export { FollowedTopic, type FollowedTopicOptions } from "./followed-topic.ts";
export { LogError, type LogErrorCode } from "./log-error.ts";
export type {
  Backlog,
  Consumer,
  ConsumerOptions,
  MessageLog,
  MessageProof,
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
export { noSuchTopic } from "./message-log.ts";
export { MinHeap } from "./min-heap.ts";
export { nextTurn } from "./next-turn.ts";
export { comparePositions, type Position, parsePosition, position } from "./position.ts";
export { type Range, readRange } from "./read-range.ts";
export { reconnectingConsumer } from "./reconnecting-consumer.ts";
export {
  type ReconnectingProducer,
  type ReconnectingProducerOptions,
  reconnectingProducer,
} from "./reconnecting-producer.ts";
export { reconnectingReader } from "./reconnecting-reader.ts";
export type { ConnectionState, ReconnectOptions } from "./reconnector.ts";
export { StallWatch } from "./stall-watch.ts";
export { TopicProducers } from "./topic-producers.ts";
