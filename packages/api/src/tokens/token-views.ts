import type { Role } from "../permissions/policy.ts";

/** A token, never what it is asked with. */
export interface TokenView {
  readonly id: string;
  /** What it is for, as history names it. */
  readonly name: string;
  readonly role: Role;
  /** `acme/orders`, `acme/*` or `*`: those that whoever asks has to do with. */
  readonly in: readonly string[];
  /** It is for other places, too. */
  readonly isForOthers?: boolean;
  /** ms since 1970 */
  readonly madeAt: number;
  /** ms since 1970 */
  readonly endsAt: number;
  /** As history names people; not known of older ones. */
  readonly madeBy?: string;
  /** ms since 1970; absent where it was not used since this server started. */
  readonly usedAt?: number;
  /** Why whoever asks may not withdraw it. */
  readonly notYours?: string;
}

export interface TokenList {
  readonly tokens: readonly TokenView[];
  /** ms since 1970: uses before that are not known. */
  readonly usesKnownSince: number;
  /** ms since 1970, by the server's clock */
  readonly now: number;
  /** Why tokens can't be kept here: nobody signs in. */
  readonly unavailable?: string;
}

export interface TokenMade {
  readonly token: TokenView;
  /** Shown once: nobody has it but whoever gets this. */
  readonly text: string;
}
