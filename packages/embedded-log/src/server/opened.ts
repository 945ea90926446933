import type { SocketHandlers, SocketSession } from "./socket-session.ts";

/** A session of the log that waits for its WebSocket. The log's refusals come before, as HTTP statuses. */
export interface Opened {
  attach(socket: SocketSession): SocketHandlers;
  /** The WebSocket never came about. */
  abandon(): void;
}
