import type { Role } from "../permissions/policy.ts";
import type { TokenMade, TokenView } from "./token-views.ts";

interface NewToken {
  readonly name: string;
  readonly role: Role;
  /** ms */
  readonly lastsMs: number;
}

/** The tokens of this server that are for one namespace, as somebody who may keep them there has them. */
export interface TokenDesk {
  /** ms since 1970: uses before that are not known. */
  readonly usesKnownSince: number;
  /** Newest first. */
  list(): readonly TokenView[];
  /** For this namespace alone. Rejects with `ApiError`. */
  add(wanted: NewToken): Promise<TokenMade>;
  /** Rejects with `ApiError`. */
  withdraw(id: string): Promise<void>;
}
