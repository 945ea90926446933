import { partitionOf, type RunCommand } from "@downbeat/domain";
import { LogError, type MessageLog, TopicProducers } from "@downbeat/message-log";
import { encodeInboxMessage, InvalidCommand, topics } from "@downbeat/protocol";
import { ApiError } from "../api-error.ts";
import type { CommandSender } from "./command-sender.ts";

/**
 * Publishes a person's commands to the inbox of their run's partition. Unlike the SDK's `InboxSender` it keeps nothing for later: whoever was told that the
 * log can't be reached must not see the command carried out an hour after. Producers are opened when they are needed first, and again after a loss.
 */
export class CommandPublisher implements CommandSender {
  readonly #log: MessageLog;
  readonly #producers: TopicProducers;
  #partitions: number | undefined;

  constructor(log: MessageLog) {
    this.#log = log;
    this.#producers = new TopicProducers(log);
  }

  async send(command: RunCommand): Promise<void> {
    try {
      const payload = encodeInboxMessage([command]);
      const partition = partitionOf(command.runId, await this.#partitionCount());
      await this.#producers.send(topics.inbox(partition), { payload, key: command.runId });
    } catch (cause) {
      if (cause instanceof ApiError) throw cause;
      if (cause instanceof InvalidCommand) throw new ApiError("badInput", cause.message, { cause });
      if (cause instanceof LogError && cause.code === "tooLarge") {
        throw new ApiError("badInput", "The log does not take so large a command.", { cause });
      }
      throw new ApiError(
        "unavailable",
        "The log can't be reached, so it is not certain that the command arrived. Send it again in a moment; with the same actionId it is carried out once.",
        { cause },
      );
    }
  }

  async #partitionCount(): Promise<number> {
    this.#partitions ??= (await this.#log.partitionsOf("inbox")) || undefined;
    if (this.#partitions === undefined) {
      throw new ApiError("unavailable", "The engine has not set up its topics yet; try again in a moment.");
    }
    return this.#partitions;
  }
}
