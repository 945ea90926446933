import type { Access } from "../configuration.ts";
import type { Account } from "./accounts.ts";

/** What others know of whoever has an account, and of where they use it: no password is made of it alone. */
export function knownNames(
  { address, provider }: Pick<Access, "address" | "provider">,
  { name, fullName }: Pick<Account, "name" | "fullName">,
): readonly (string | undefined)[] {
  return [name, fullName, address?.hostname, provider?.name];
}
