import type { OwnSession } from "./account-views.ts";

/** How one person is signed in, as they may see and change it themselves: nothing of it reaches another's. */
export interface AccountDesk {
  readonly mostSessions: number;
  /** Last seen first. Rejects with `ApiError`. */
  sessions(): Promise<readonly OwnSession[]>;
  /** Rejects with `ApiError`. */
  endSession(id: string): Promise<void>;
  /** Whether their password is kept here. */
  readonly hasPassword: boolean;
  /** Ends all other sessions. Rejects with `ApiError`. */
  changePassword(given: { readonly current: string; readonly wanted: string }): Promise<void>;
  /** All but the one that this is asked in. Rejects with `ApiError`. */
  endOthers(): Promise<number>;
}
