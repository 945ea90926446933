import type { Fold } from "./fold.ts";
import type { Slices } from "./slices.ts";
import { NoRoomForSnapshot, type Saving } from "./state-store.ts";

/** Runs that changed since the last snapshot: beyond it the next one doesn't wait for its time. */
const many = 10_000;

/** Open runs that nothing happened to for so long are let go of, ms. */
const idleMs = 60_000;

export interface SnapshotsOptions {
  readonly fold: () => Fold;
  readonly slices: Slices;
  /** There is no room for one, or there is again; said once each. */
  readonly onRoom: (isThere: boolean, sentence: string) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Saves a partition's fold now and then: so many runs may have changed that it takes several turns of the event loop. */
export class Snapshots {
  readonly #o: SnapshotsOptions;
  #saving: Saving | undefined;
  #hasNoRoom = false;

  constructor(options: SnapshotsOptions) {
    this.#o = options;
  }

  /** Unless it is still at the one before. */
  save(): void {
    if (this.#saving === undefined) this.#begin(() => this.#o.slices.isOver);
  }

  /** While a long history is read, so that runs which are over needn't be kept in memory for long. */
  saveIfMany(): void {
    if (!this.#hasNoRoom && this.#o.fold().unsaved >= many) this.save();
  }

  /** Within this turn. */
  saveAtOnce(): void {
    this.#begin(() => false);
  }

  /** What is on its way is not wanted any more. */
  abandon(): void {
    this.#saving?.abandon();
    this.#saving = undefined;
  }

  #begin(isOver: () => boolean): void {
    this.#attempt(() => {
      const fold = this.#o.fold();
      if (fold.unsaved > 0) this.#goOn(fold.saving(idleMs), isOver);
      else this.#said(true, "");
    });
  }

  #goOn(saving: Saving, isOver: () => boolean): void {
    this.#saving = undefined;
    if (saving.goOn(isOver)) return this.#said(true, "");
    this.#saving = saving;
    void this.#o.slices.rest().then(() => {
      if (this.#saving === saving) this.#attempt(() => this.#goOn(saving, isOver));
    });
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof NoRoomForSnapshot) this.#said(false, error.message);
      else this.#o.onFailure(error);
    }
  }

  #said(hasRoom: boolean, sentence: string): void {
    if (this.#hasNoRoom === hasRoom) this.#o.onRoom(hasRoom, sentence);
    this.#hasNoRoom = !hasRoom;
  }
}
