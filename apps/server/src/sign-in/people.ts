import {
  type AccessFile,
  type Account,
  type Identity,
  idOf,
  localIssuer,
  rolesOf,
  type SignedInSession,
} from "@downbeat/access";
import type { KeptFiles } from "./kept-files.ts";
import type { Session } from "./sessions.ts";

const byOf = (issuer: string): SignedInSession["by"] => (issuer === localIssuer ? "account" : "provider");

/** Whoever may be in by now, by a way that is still configured. */
export class People {
  readonly #access: AccessFile;
  readonly #files: KeptFiles;

  constructor(access: AccessFile, files: KeptFiles) {
    this.#access = access;
    this.#files = files;
  }

  /** Who a session's owner is; `undefined` where they may not be in any more. */
  identityOf({ issuer, subject, since, vouched }: Session): Identity | undefined {
    if (!this.isGood({ id: idOf({ issuer, subject }), since })) return undefined;
    if (issuer !== localIssuer) return vouched && { issuer, subject, ...vouched };
    const account = this.#files.accounts?.find(subject);
    return account && identityOf(account);
  }

  /** Whether somebody who signed in then may still be in. */
  isGood({ id, since }: Pick<SignedInSession, "id" | "since">): boolean {
    if (this.#files.ended.has(id, since)) return false;
    const bar = id.indexOf("|");
    const issuer = id.slice(0, bar);
    if (issuer !== localIssuer) return issuer === this.#access.provider?.issuer;
    const account = this.#files.accounts?.find(id.slice(bar + 1));
    return account !== undefined && account.sessionsSince <= since;
  }

  signedIn(identity: Identity): Pick<SignedInSession, "id" | "name" | "by"> {
    return { id: idOf(identity), name: identity.name, by: byOf(identity.issuer) };
  }

  /** As it is told to whoever keeps the server. */
  told(identity: Identity): Pick<SignedInSession, "id" | "name" | "by" | "roles"> {
    const roles = rolesOf(this.#access, identity).map((each) => ({ role: each.role, in: [...each.in] }));
    return { ...this.signedIn(identity), roles };
  }
}

function identityOf({ name, fullName = name, groups }: Account): Identity {
  return { issuer: localIssuer, subject: name, name: fullName, groups, claims: { groups } };
}
