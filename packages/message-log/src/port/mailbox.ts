import type { MessagePort } from "node:worker_threads";

/** Where a payload stands in the bytes that go along. */
interface Place {
  readonly start: number;
  readonly end: number;
}

interface Post {
  readonly frames: readonly object[];
  readonly bytes: Uint8Array;
}

/**
 * Both ends of a line between two threads. What is said in one turn of the event loop goes in one message, with all payloads in one piece of memory that is
 * handed over: a message between threads costs more than what is in it.
 */
export class Mailbox<Said extends object, Heard extends object> {
  readonly #port: MessagePort;
  #frames: object[] = [];
  #payloads: Uint8Array[] = [];
  #bytes = 0;

  constructor(port: MessagePort, onFrame: (frame: Heard) => void, onClose: () => void) {
    this.#port = port;
    port.on("message", (post: Post) => {
      for (const frame of post.frames) {
        unpack(frame, post.bytes);
        onFrame(frame as Heard);
      }
    });
    port.on("close", onClose);
  }

  say(frame: Said): void {
    if (this.#frames.push(this.#packed(frame)) === 1) process.nextTick(() => this.#flush());
  }

  close(): void {
    this.#flush();
    this.#port.close();
  }

  #packed(frame: Said): object {
    if (!("message" in frame) || !hasPayload(frame.message)) return frame;
    const { payload } = frame.message;
    const start = this.#bytes;
    this.#bytes += payload.length;
    this.#payloads.push(payload);
    return { ...frame, message: { ...frame.message, payload: { start, end: this.#bytes } } };
  }

  #flush(): void {
    const frames = this.#frames;
    if (frames.length === 0) return;
    const bytes = new Uint8Array(this.#bytes);
    let at = 0;
    for (const payload of this.#payloads) {
      bytes.set(payload, at);
      at += payload.length;
    }
    this.#frames = [];
    this.#payloads = [];
    this.#bytes = 0;
    this.#port.postMessage({ frames, bytes }, [bytes.buffer]);
  }
}

function hasPayload(message: unknown): message is { readonly payload: Uint8Array } {
  return typeof message === "object" && message !== null && "payload" in message;
}

/** In place: what came over the line is nobody else's. */
function unpack(frame: object, bytes: Uint8Array): void {
  if (!("message" in frame) || !hasPayload(frame.message)) return;
  const message = frame.message as { payload: Place | Uint8Array };
  const { start, end } = message.payload as Place;
  message.payload = bytes.subarray(start, end);
}
