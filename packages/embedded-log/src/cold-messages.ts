import type { StoredMessage } from "./stored-message.ts";

/** Messages read back from the file, on their way to consumers. */
export class ColdMessages {
  #messages: readonly StoredMessage[] = [];
  #at = 0;

  fill(messages: readonly StoredMessage[]): void {
    this.#messages = messages;
    this.#at = 0;
  }

  clear(): void {
    this.fill([]);
  }

  /** The first one from this entry on; those before it are done with. */
  from(entry: number): StoredMessage | undefined {
    for (; this.#at < this.#messages.length; this.#at++) {
      const message = this.#messages[this.#at];
      if (message !== undefined && message.entry >= entry) return message;
    }
    return undefined;
  }
}
