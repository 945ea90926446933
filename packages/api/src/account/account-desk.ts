import type { OwnAccount, OwnSession } from "./account-views.ts";

/** How one person is signed in, as they may see and change it themselves: nothing of it reaches another's. */
export interface AccountDesk extends Pick<OwnAccount, "mostSessions" | "confirmBy"> {
  /** The one in use, then last seen first. Rejects with `ApiError`. */
  sessions(): Promise<readonly OwnSession[]>;
  /** @param password of whoever has one here. Rejects with `ApiError`. */
  endSession(id: string, password: string): Promise<void>;
  /** All but the one that this is asked in. Rejects with `ApiError`. */
  endOthers(password: string): Promise<number>;
  /** Ends all other sessions. Rejects with `ApiError`. */
  changePassword(given: { readonly current: string; readonly wanted: string }): Promise<void>;
}
