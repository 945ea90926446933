import type { MessageLog, MessageProof, ReaderOptions, ReceivedMessage, Topic } from "./message-log.ts";

/**
 * The log, whose readers find with each message what `check` says of it.
 *
 * @param check `undefined` for a message of which nothing is to be said; not given: nothing is looked at
 */
export function checkedLog(
  log: MessageLog,
  check: ((topic: Topic, message: ReceivedMessage) => MessageProof | undefined) | undefined,
): MessageLog {
  if (check === undefined) return log;
  const { forgetsDeliveries } = log;
  return {
    openProducer: (topic, options) => log.openProducer(topic, options),
    openConsumer: (topic, options) => log.openConsumer(topic, options),
    openReader: (topic, options) => log.openReader(topic, checked(topic, options, check)),
    lastPosition: (topic) => log.lastPosition(topic),
    positionAt: (topic, timeMs) => log.positionAt(topic, timeMs),
    partitionsOf: (topic) => log.partitionsOf(topic),
    createPartitionedTopic: (topic, partitions) => log.createPartitionedTopic(topic, partitions),
    topicStats: (topic) => log.topicStats(topic),
    ...(log.refusalOf !== undefined && { refusalOf: log.refusalOf.bind(log) }),
    backlogOf: (topic, subscription) => log.backlogOf(topic, subscription),
    ...(forgetsDeliveries !== undefined && { forgetsDeliveries }),
    close: () => log.close(),
  };
}

function checked(
  topic: Topic,
  options: ReaderOptions,
  check: (topic: Topic, message: ReceivedMessage) => MessageProof | undefined,
): ReaderOptions {
  return {
    ...options,
    onMessage: (message) => {
      const proof = check(topic, message);
      return options.onMessage(proof === undefined ? message : { ...message, proof });
    },
  };
}
