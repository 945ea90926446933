import type { Server } from "node:http";
import type { Socket } from "node:net";

/** An answer of which nothing was taken for so long. */
const patienceMs = 30_000;
const lookEveryMs = 5_000;

interface Seen {
  /** Bytes that the system has taken for it. */
  readonly taken: number;
  readonly at: number;
}

/**
 * Ends connections of which nobody reads what was asked for: it would be kept in memory forever, a little more with each change that is followed.
 *
 * @param now ms, of any beginning
 * @returns ends the watch
 */
export function endUnreadAnswers(server: Server, now: () => number = () => performance.now()): () => void {
  const waiting = new Map<Socket, Seen>();
  const sockets = new Set<Socket>();
  // Over TLS, what is kept is kept there, and not by the connection beneath.
  server.on("setSecureContext" in server ? "secureConnection" : "connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      waiting.delete(socket);
    });
  });
  const timer = setInterval(() => {
    for (const socket of sockets) {
      if (socket.writableLength === 0) {
        waiting.delete(socket);
        continue;
      }
      const taken = socket.bytesWritten - socket.writableLength;
      const seen = waiting.get(socket);
      if (seen?.taken !== taken) waiting.set(socket, { taken, at: now() });
      else if (now() - seen.at >= patienceMs) socket.destroy();
    }
  }, lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
