import type { ActionOutcome, QuarantineList } from "@downbeat/read-model/views";

/** What somebody did about an entry of the quarantine last. The entry stays where it is. */
export type QuarantineMark = {
  /** Another one each time that somebody does something. */
  readonly version: number;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
} & (
  | { readonly did: "dropped" }
  | {
      readonly did: "sentAgain";
      readonly sent: {
        /** Its type. */
        readonly command: string;
        readonly runId: string;
        readonly actionId: string;
        /** It was not sent as it had come. */
        readonly edited: boolean;
        /** What came of it; absent: history does not know of it so far. */
        readonly outcome?: ActionOutcome;
      };
    }
);

/** What was done about an entry, and what may be. */
export interface QuarantineRemedies {
  /** Names the entry. */
  readonly entry: string;
  readonly mark?: QuarantineMark;
  /** Why it can't be sent again; absent: it can. */
  readonly sendAgainRefusal?: string;
  readonly dropRefusal?: string;
}

/** What the read model has of the quarantine, with what was done about it. */
export interface QuarantineEntries extends Omit<QuarantineList, "messages" | "refused" | "leftOut"> {
  readonly messages: readonly (QuarantineList["messages"][number] & QuarantineRemedies)[];
  readonly refused: readonly (QuarantineList["refused"][number] & QuarantineRemedies)[];
  readonly leftOut: readonly (QuarantineList["leftOut"][number] & QuarantineRemedies)[];
  /** So many of the messages and refused commands were dropped, or sent again and neither refused nor lost, on all pages together. */
  readonly cleared: number;
  /** What was done about entries could not be read: none is marked. */
  readonly marksUnread?: boolean;
}

/** Of a command as it would be sent; `problem`: it can't be, or it will be refused, with why. */
export interface ResendPreview {
  readonly command?: string;
  /** Of a start: absent where it gets one. */
  readonly runId?: string;
  readonly problem?: string;
}

/** `conflict`: somebody else was quicker, and this is what they did. */
export interface ClearQuarantineAnswer {
  readonly outcome: "done" | "conflict";
  readonly mark: QuarantineMark;
}
