import type { QuarantineMarkMessage } from "@downbeat/protocol";
import { VersionedFold } from "../shared/versioned-fold.ts";

/** What somebody did about an entry last. */
export type KnownMark = Omit<QuarantineMarkMessage, "type" | "replaces" | "changeId"> & {
  /** Another one each time that somebody does something. */
  readonly version: number;
};

/** What people did about the quarantine, by entry. */
export class QuarantineMarkFold extends VersionedFold<KnownMark> {
  take({ type: _, changeId, replaces, ...done }: QuarantineMarkMessage): void {
    this.change({ id: done.entry, replaces, changeId }, (version) => ({ ...done, version }));
  }
}
