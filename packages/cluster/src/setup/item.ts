import type { TopicAdmin } from "@downbeat/pulsar/admin";
import type { Cluster } from "./cluster.ts";
import type { Wanted } from "./wanted.ts";

/** One thing that a namespace should have, and how it was found. */
export interface Item {
  /** Such as "topic timers". */
  readonly what: string;
  readonly seen: Seen;
}

export type Seen =
  | { readonly as: "there"; readonly found?: string; readonly why?: string }
  | {
      readonly as: "missing";
      readonly wanted?: string;
      readonly make: () => Promise<void>;
      readonly why?: string;
    }
  | {
      readonly as: "other";
      readonly found: string;
      readonly wanted: string;
      readonly make: () => Promise<void>;
      /** What comes of it, for people. */
      readonly why?: string;
    }
  /** Not as it would be made, but somebody's choice that works. */
  | { readonly as: "chosen"; readonly found: string; readonly why: string }
  /** Downbeat can't work on it, and it can't be changed. */
  | { readonly as: "wrong"; readonly found: string; readonly wanted: string; readonly why: string }
  | { readonly as: "unseen"; readonly why: string };

export interface Place {
  readonly cluster: Cluster;
  readonly topics: TopicAdmin;

  /** `tenant/namespace` */
  readonly path: string;
  readonly wanted: Wanted;
}

/** Finds out how some things are. What it looks at may have been made by what came before. */
export type Look = (place: Place) => Promise<readonly Item[]>;
