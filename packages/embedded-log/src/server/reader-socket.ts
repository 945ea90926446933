import { LogError, mostUnacknowledged, type ReadFrom } from "@downbeat/message-log";
import { commandFrame, duplicate, positionOf } from "@downbeat/wire";
import type { LogHandle } from "../log-handle.ts";
import { deliveryText } from "./delivery-text.ts";
import type { Opened } from "./opened.ts";
import { wholeNumber } from "./query.ts";
import type { SessionPath } from "./session-path.ts";
import type { SocketSession } from "./socket-session.ts";

export async function openReader(log: LogHandle, path: SessionPath, query: URLSearchParams): Promise<Opened> {
  let socket: SocketSession | undefined;
  // As in Pulsar, any answer makes room for one more message, whichever it names.
  const unanswered: (() => void)[] = [];
  const reader = await log.openReader(path.topic, {
    from: startOf(query.get("messageId")),
    queueSize: Math.min(wholeNumber(query, "receiverQueueSize", 0) || mostUnacknowledged, mostUnacknowledged),
    onMessage: (message) => {
      socket?.send(deliveryText(message));
      return new Promise((resolve) => unanswered.push(resolve));
    },
    onClose: (reason) => socket?.end(reason),
  });
  return {
    attach: (attached) => {
      socket = attached;
      return {
        onText: (text) => {
          if (commandFrame.parse(JSON.parse(text)).type === "isEndOfTopic")
            attached.send(`{"endOfTopic":false}`);
          else unanswered.shift()?.();
        },
        onClose: () => void reader.close(),
        onCongested: (is) => reader.congested(is),
      };
    },
    abandon: () => void reader.close(),
  };
}

function startOf(messageId: string | null): ReadFrom {
  if (messageId === null || messageId === "" || messageId === "latest") return "latest";
  if (messageId === "earliest") return "earliest";
  try {
    const position = positionOf(messageId);
    if (position !== duplicate) return { after: position };
  } catch {
    // Said below.
  }
  throw new LogError("invalid", `${JSON.stringify(messageId)} is not a message id.`);
}
