import type { ReadModel } from "@downbeat/read-model";
import type { Masking, Revealed } from "../masking/masking.ts";
import type { Role } from "../permissions/policy.ts";
import { shownTo } from "../permissions/without-payloads.ts";
import type { EventView, FollowedEvents } from "../views.ts";
import { decodeLiveCursor, encodeLiveCursor, type LiveCursor } from "./event-id.ts";
import type { FollowChanges } from "./follow-input.ts";
import type { LivePushes, Push } from "./live-pushes.ts";

const mostEvents = 500;

export interface Told {
  readonly id: string;
  readonly push: Push;
  /** The follower's own part. */
  readonly followed: readonly FollowedEvents[];
  /** There is more to tell at once. */
  readonly isFull: boolean;
}

export interface FollowerParts {
  readonly pushes: LivePushes;
  readonly readModel: ReadModel;
  readonly masking: Masking;
}

/** Who follows, as long as they do. */
export interface FollowedBy {
  readonly role: Role;
  readonly revealed: Revealed;
}

/** One who follows: what it was told last, and which runs it looks at. */
export class Follower {
  readonly #pushes: LivePushes;
  readonly #readModel: ReadModel;
  readonly #follow: FollowChanges["follow"];
  readonly #runIds: readonly string[];
  readonly #masking: Masking;
  readonly #role: Role;
  readonly #revealed: Revealed;
  #cursor: LiveCursor | undefined;

  constructor(
    { pushes, readModel, masking }: FollowerParts,
    { follow, lastEventId }: FollowChanges,
    { role, revealed }: FollowedBy,
  ) {
    this.#role = role;
    this.#revealed = revealed;
    this.#masking = masking;
    this.#pushes = pushes;
    this.#readModel = readModel;
    this.#follow = follow;
    this.#runIds = follow.map(({ runId }) => runId);
    const isNew = lastEventId === undefined || lastEventId === null;
    this.#cursor = isNew ? { ...pushes.here(), seqs: [] } : decodeLiveCursor(lastEventId, this.#runIds);
  }

  /** What has changed since it was told something last. */
  tell(): Told {
    const cursor = this.#cursor;
    const push = this.#pushes.since(cursor, this.#role);
    const isSameBuild = cursor?.generation === push.next.generation;
    const seqs: number[] = [];
    const followed: FollowedEvents[] = [];
    let isFull = false;
    for (const [index, { runId, afterSeq }] of this.#follow.entries()) {
      const from = isSameBuild ? Math.max(cursor.seqs[index] ?? 0, afterSeq) : afterSeq;
      const events = this.#readModel.eventsSince(runId, from, mostEvents);
      seqs.push(events.at(-1)?.seq ?? from);
      if (events.length > 0) followed.push({ runId, events: this.#shown(runId, events) });
      isFull ||= events.length === mostEvents;
    }
    this.#cursor = { ...push.next, seqs };
    return { id: encodeLiveCursor(this.#cursor, this.#runIds), push, followed, isFull };
  }

  #shown(runId: string, events: readonly EventView[]): readonly EventView[] {
    const masked = this.#masking.shown(events, { runId, revealed: this.#revealed });
    return shownTo(this.#role, masked);
  }
}
