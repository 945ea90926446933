import type { IncomingMessage, ServerResponse } from "node:http";
import { type FollowChanges, type FollowedBy, Follower, type Services } from "@downbeat/api";

/** As tRPC's client expects it: connects again after so long without a word. */
const hello = `event: connected\ndata: ${JSON.stringify({ reconnectAfterInactivityMs: 5_000 })}\n\n\n`;

const shortestGapMs = 100;
/** How fresh a page is is news too. */
const longestGapMs = 2_000;
/** Each follower makes the pauses longer by so much: a thousand are told once a second. */
const msPerFollower = 1;
const mostMs = 1_000;

interface Stream {
  readonly follower: Follower;
  readonly response: ServerResponse;
}

/**
 * The live connections of one namespace, as tRPC's server would serve them, but written by hand: what changed is worked out, serialised and made into bytes once,
 * and all followers who have come equally far get the same ones.
 */
export class LiveStreams {
  readonly #services: Services;
  readonly #onFailure: (error: unknown) => void;
  readonly #streams = new Set<Stream>();
  readonly #stop: () => void;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #toldAt = 0;

  /** @param onFailure the read model could not be asked */
  constructor(services: Services, onFailure: (error: unknown) => void) {
    this.#services = services;
    this.#onFailure = onFailure;
    this.#stop = services.feed.onFlushed(() => this.#plan(this.#gapMs()));
  }

  add(input: FollowChanges, by: FollowedBy, request: IncomingMessage, response: ServerResponse): void {
    const stream = { follower: new Follower(this.#services, input, by), response };
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    });
    request.socket.setNoDelay(true);
    response.write(hello);
    this.#streams.add(stream);
    response.on("close", () => this.#streams.delete(stream));
    this.#tell(stream);
    this.#plan(longestGapMs);
  }

  close(): void {
    this.#stop();
    clearTimeout(this.#timer);
    for (const { response } of this.#streams) response.destroy();
    this.#streams.clear();
  }

  #gapMs(): number {
    return Math.min(mostMs, Math.max(shortestGapMs, this.#streams.size * msPerFollower));
  }

  #plan(afterMs: number): void {
    if (this.#streams.size === 0) return;
    const at = Math.max(performance.now(), this.#toldAt + afterMs);
    if (at >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = at;
    this.#timer = setTimeout(() => this.#tellAll(), Math.max(0, at - performance.now()));
  }

  #tellAll(): void {
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#toldAt = performance.now();
    let hasMore = false;
    for (const stream of this.#streams) {
      // Whoever reads slowly is told all of it together later.
      if (stream.response.writableNeedDrain) continue;
      hasMore = this.#tell(stream) || hasMore;
    }
    this.#plan(hasMore ? this.#gapMs() : longestGapMs);
  }

  #tell(stream: Stream): boolean {
    try {
      return tell(stream);
    } catch (error) {
      // It connects again, and finds what has taken the place of what failed.
      stream.response.destroy();
      this.#onFailure(error);
      return false;
    }
  }
}

/** The frame that was made last, which nearly all followers get. */
let latest: { readonly json: Buffer; readonly id: string; readonly frame: Buffer } | undefined;

/** @returns whether there is more to tell at once */
function tell({ follower, response }: Stream): boolean {
  const { id, push, followed, isFull } = follower.tell();
  if (followed.length > 0) response.write(frameOf(push.json, JSON.stringify(followed), id));
  else {
    if (latest?.json !== push.json || latest.id !== id)
      latest = { json: push.json, id, frame: frameOf(push.json, "[]", id) };
    response.write(latest.frame);
  }
  return isFull;
}

function frameOf(json: Buffer, followed: string, id: string): Buffer {
  return Buffer.concat([
    Buffer.from("data: "),
    json,
    Buffer.from(`,"followed":${followed}}\nid: ${id}\n\n\n`),
  ]);
}
