import { ApiError } from "../api-error.ts";
import { forbidden, may, type Role } from "../permissions/policy.ts";

/** What people keep for themselves or for all. */
export interface Owned {
  /** Whose it is alone; absent: everybody's. */
  readonly owner?: string;
}

/** What is one person's own is nobody else's to know of. */
export function isSeenBy({ owner }: Owned, who: string): boolean {
  return owner === undefined || owner === who;
}

/** What is everybody's is changed by those who keep things for all; what is one's own by oneself. @throws ApiError */
export function mayChange(
  { role }: { readonly role: Role },
  before: Owned | undefined,
  shared: boolean,
): void {
  const concernsAll = shared || (before !== undefined && before.owner === undefined);
  if (concernsAll && !may(role, "keepBoards")) throw new ApiError("forbidden", forbidden("keepBoards"));
}
