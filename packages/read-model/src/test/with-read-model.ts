import type { ReceivedMessage } from "@downbeat/message-log";
import { openCache } from "../cache.ts";
import { ReadModel } from "../read/read-model.ts";
import { Projection } from "../write/projection.ts";
import { scratchDirectory } from "./scratch.ts";

/** @param ask is given the read model of this partition as it is at that time, ms since the epoch */
export function withReadModel(
  messages: readonly ReceivedMessage[],
  now: number,
  ask: (readModel: ReadModel) => void,
): void {
  const scratch = scratchDirectory();
  const path = scratch.file("history.sqlite");
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  for (const message of messages) projection.take(0, message);
  projection.flush();
  cache.close();
  const readModel = new ReadModel(path, () => now);
  try {
    ask(readModel);
  } finally {
    readModel.close();
    scratch.remove();
  }
}
