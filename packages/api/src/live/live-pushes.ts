import type { Backfill } from "@downbeat/cold-history";
import type { ProjectionFeed, ReadModel } from "@downbeat/read-model";
import { freshnessNow } from "../freshness.ts";
import type { Masking } from "../masking/masking.ts";
import { may, type Role } from "../permissions/policy.ts";
import { shownTo } from "../permissions/without-payloads.ts";
import type { FreshnessPart, LiveChange } from "../views.ts";
import type { LiveState } from "./live-state.ts";

/** A place that a follower has come to. */
export interface LivePlace {
  readonly generation: string;
  readonly change: number;
}

/** What everybody at one place is told next. */
export interface Push {
  readonly next: LivePlace;
  readonly change: LiveChange;
  /** `change` as JSON without its closing brace: the same bytes for all who may see as much, to which a follower's own part is added. */
  readonly json: Buffer;
}

interface Parts {
  readonly feed: ProjectionFeed;
  readonly readModel: ReadModel;
  readonly live: LiveState;
  readonly earlier: Backfill | undefined;
  readonly masking: Masking;
  readonly freshnessParts: () => readonly FreshnessPart[];
  readonly saved: () => number;
  readonly now: () => number;
}

const mostRuns = 200;
/** How fresh the page is changes by itself. */
const staleAfterMs = 90;

/** What changed, worked out and written as JSON once for all followers: a thousand of them ask no more of the read model than one. */
export class LivePushes {
  readonly #parts: Parts;
  readonly #made = new Map<string, Push>();
  #madeAt = 0;
  #madeFor: LivePlace | undefined;
  #count = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** How many have been worked out. */
  get count(): number {
    return this.#count;
  }

  here(): LivePlace {
    const { generation, change } = this.#parts.feed;
    return { generation, change };
  }

  /** @param place `undefined`: nobody knows what the follower has missed */
  since(place: LivePlace | undefined, role: Role): Push {
    this.#forgetStale();
    const where = place === undefined ? "" : `${place.generation}-${place.change}`;
    const key = `${may(role, "seePayloads")} ${where}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = this.#make(place, role);
    this.#made.set(key, made);
    return made;
  }

  #forgetStale(): void {
    const { generation, change } = this.#parts.feed;
    const now = this.#parts.now();
    const isCurrent = this.#madeFor?.generation === generation && this.#madeFor.change === change;
    if (isCurrent && now >= this.#madeAt && now - this.#madeAt < staleAfterMs) return;
    this.#made.clear();
    this.#madeAt = now;
    this.#madeFor = { generation, change };
  }

  #make(place: LivePlace | undefined, role: Role): Push {
    const { feed, readModel, live, masking, earlier, freshnessParts, saved, now } = this.#parts;
    const next = this.here();
    this.#count++;
    const changed = place?.generation === next.generation ? live.changedSince(place.change) : undefined;
    const change: LiveChange = {
      ...(changed === undefined && { refresh: true }),
      now: now(),
      runs: shownTo(role, masking.shown(readModel.summaries(changed?.slice(0, mostRuns) ?? []))),
      more: changed === undefined || changed.length > mostRuns,
      ...live.totals(),
      saved: saved(),
      freshness: freshnessNow({ feed, earlier }),
      parts: freshnessParts(),
      followed: [],
    };
    const { followed: _, ...shared } = change;
    return { next, change, json: Buffer.from(JSON.stringify(shared).slice(0, -1)) };
  }
}
