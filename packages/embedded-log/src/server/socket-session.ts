import type { Duplex } from "node:stream";
import { Corked } from "@downbeat/wire";
import type { RawData, WebSocket } from "ws";

// Closing code for "this frame makes no sense"; the reason says which.
const invalidFrame = 1007;
const internalError = 1011;

// A client that reads slower than messages come must not have them pile up here.
const congestedAtBytes = 4 * 1024 * 1024;

const mostUnanswered = 2;

export interface SocketHandlers {
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
  /** Called with true when too much waits for the network, with false when it has left. */
  readonly onCongested?: (is: boolean) => void;
}

/** One client's WebSocket: writes in bursts, and whatever comes in wrong ends this session only. */
export class SocketSession {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #corked: Corked;
  readonly #handlers: SocketHandlers;
  #congested = false;
  #paused = false;
  /** Pings since the client was last heard of. */
  #unanswered = 0;

  constructor(socket: WebSocket, stream: Duplex, handlers: SocketHandlers) {
    this.#socket = socket;
    this.#stream = stream;
    this.#handlers = handlers;
    this.#corked = new Corked(stream);
    socket.on("pong", () => {
      this.#unanswered = 0;
    });
    socket.on("message", (data: RawData, isBinary: boolean) => {
      this.#unanswered = 0;
      if (isBinary || !Buffer.isBuffer(data)) return this.refuse("Only text frames are expected");
      try {
        handlers.onText(data.toString());
      } catch (error) {
        this.refuse(error instanceof Error ? error.message : String(error));
      }
    });
    // ws closes the connection after an error (an oversized frame, a broken one): nothing else is left to do.
    socket.on("error", () => {});
    socket.once("close", handlers.onClose);
  }

  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#corked.hold();
    this.#socket.send(text);
    if (this.#congested || this.#socket.bufferedAmount < congestedAtBytes) return;
    this.#congested = true;
    this.#handlers.onCongested?.(true);
    this.#stream.once("drain", () => {
      this.#congested = false;
      this.#handlers.onCongested?.(false);
    });
  }

  /**
   * Asks whether the client is still there, and ends the connection when it has not answered the last ones: a process that is
   * paused, or a machine that is gone, keeps its connections, and with them what others are to take over.
   */
  ping(): void {
    // What is not read can't hold an answer.
    if (this.#paused || this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#unanswered >= mostUnanswered) return this.#socket.terminate();
    this.#unanswered += 1;
    this.#socket.ping();
  }

  /** Stops reading, so that TCP slows the client down. */
  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#unanswered = 0;
    this.#socket.resume();
  }

  refuse(reason: string): void {
    this.#close(invalidFrame, reason);
  }

  /** The log ended the session, with a reason when it was not asked to. */
  end(reason: Error | undefined): void {
    if (reason === undefined) this.#close(1000, "");
    else this.#close(internalError, reason.message);
  }

  #close(code: number, reason: string): void {
    // A closing frame holds at most 123 bytes of reason.
    this.#socket.close(
      code,
      Buffer.from(reason)
        .subarray(0, 120)
        .toString()
        .replace(/\uFFFD+$/, ""),
    );
  }
}
