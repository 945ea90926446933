import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import {
  type AccessFile,
  type Account,
  AccountBook,
  actorOf,
  idOf,
  localIssuer,
  standingOf,
} from "@downbeat/access";
import type { Logger } from "pino";
import { clientAddress, networkOf, TrustedProxies } from "../http/client-address.ts";
import type { Visitor } from "../visitors/visitor.ts";
import { AccountSignIn } from "./account-sign-in.ts";
import { cookieOf, setCookie } from "./cookies.ts";
import { EndedSessions } from "./ended-sessions.ts";
import { sessionKey } from "./session-key.ts";
import { type Session, Sessions } from "./sessions.ts";

interface Parts {
  readonly access: AccessFile;
  /** Where the key of sessions is kept, and which were ended. */
  readonly directory: string;
  readonly logger: Logger;
}

export type Arrival =
  | { readonly type: "in"; readonly session: Session; readonly cookie: string }
  | { readonly type: "wrong" | "busy" }
  | { readonly type: "later"; readonly afterMs: number };

/** A seal's cookie: pages of other hosts can't set one of that name where the browser speaks TLS. */
const securePrefix = "__Host-";
const cookieStart = "downbeat-session";

export function isSessionCookie(name: string): boolean {
  return name.startsWith(cookieStart) || name.startsWith(securePrefix + cookieStart);
}

/** Who is signed in here, and how they come and go. */
export class SignIn {
  readonly #access: AccessFile;
  readonly #logger: Logger;
  readonly #sessions: Sessions;
  readonly #accounts: AccountBook;
  readonly #accountSignIn: AccountSignIn;
  readonly #proxies: TrustedProxies;
  readonly #isSecure: boolean;

  /** @throws Error with a sentence that says what to do */
  constructor({ access, directory, logger }: Parts) {
    this.#access = access;
    this.#logger = logger;
    const { idle, longest } = access.sessions;
    const key = sessionKey(join(directory, "key"));
    const ended = new EndedSessions(join(directory, "ended.json"), Date.now);
    this.#sessions = new Sessions({ key, ended, idleMs: idle, longestMs: longest, now: Date.now });
    const now = () => performance.now();
    const onTrouble = (err: Error) =>
      logger.error(
        { err },
        "the changed file of accounts can't be used; what stood there before still counts",
      );
    this.#accounts = new AccountBook({ path: access.accountsFile, now, onTrouble });
    this.#accountSignIn = new AccountSignIn(this.#accounts, now);
    this.#proxies = new TrustedProxies(access.proxies);
    this.#isSecure = access.address?.protocol === "https:";
  }

  get hasNoAccount(): boolean {
    return this.#accounts.isEmpty;
  }

  async visitor(request: IncomingMessage): Promise<Visitor | undefined> {
    const seal = cookieOf(request, this.#cookieName(request));
    const session = seal === undefined ? undefined : await this.#sessions.open(seal);
    return session && this.#visitorOf(session);
  }

  /** Whether somebody comes with a seal, good or not. */
  hasSeal(request: IncomingMessage): boolean {
    return cookieOf(request, this.#cookieName(request)) !== undefined;
  }

  /** A cookie with a fresh seal, where the one that came is of some age. */
  async renewal(request: IncomingMessage, { session }: Visitor): Promise<string | undefined> {
    const renewed = session && this.#sessions.renewed(session);
    return renewed && this.#cookie(request, await this.#sessions.seal(renewed));
  }

  async arrive(request: IncomingMessage, name: string, password: string): Promise<Arrival> {
    const address = clientAddress(request, this.#proxies);
    const attempt = await this.#accountSignIn.attempt(name, password, networkOf(address));
    if (attempt.type !== "right") {
      this.#logger.warn({ name: name.slice(0, 60), address, outcome: attempt.type }, "a sign-in was refused");
      return attempt;
    }
    const before = await this.visitor(request);
    if (before?.session !== undefined) this.#sessions.end(before.session);
    const session = this.#sessions.begin({ issuer: localIssuer, subject: attempt.account.name });
    this.#logger.info({ actor: actorOf(identityOf(attempt.account)), address }, "signed in");
    return { type: "in", session, cookie: this.#cookie(request, await this.#sessions.seal(session)) };
  }

  /** @returns the cookie that takes the seal away; it would be worth nothing any more */
  leave(request: IncomingMessage, visitor: Visitor | undefined): string {
    if (visitor?.session !== undefined) {
      this.#sessions.end(visitor.session);
      this.#logger.info({ actor: visitor.actor }, "signed out");
    }
    return this.#cookie(request, "");
  }

  #visitorOf(session: Session): Visitor | undefined {
    const account = this.#accountOf(session);
    if (account === undefined) return undefined;
    const identity = identityOf(account);
    return {
      session,
      actor: actorOf(identity),
      signedIn: { name: identity.name, id: idOf(identity), by: "account" },
      standingIn: (name) => {
        // As the file of accounts says by now: groups may have been taken away.
        const current = this.#accountOf(session);
        return current === undefined
          ? { refusal: "You are not signed in any more." }
          : standingOf(this.#access, identityOf(current), name);
      },
      isStillIn: () => this.#sessions.isAlive(session) && this.#accountOf(session) !== undefined,
    };
  }

  #accountOf({ issuer, subject, since }: Session): Account | undefined {
    const account = issuer === localIssuer ? this.#accounts.find(subject) : undefined;
    return account !== undefined && account.sessionsSince <= since ? account : undefined;
  }

  #cookie(request: IncomingMessage, value: string): string {
    const maxAge = value === "" ? 0 : Math.ceil(this.#access.sessions.idle / 1_000);
    return setCookie({ name: this.#cookieName(request), value, isSecure: this.#isSecure, maxAge });
  }

  /** Browsers keep one jar for all ports of a host: several Downbeats of one machine must not sign each other's people out. */
  #cookieName({ headers: { host = "" } }: IncomingMessage): string {
    if (this.#isSecure) return securePrefix + cookieStart;
    const port = /:(\d+)$/.exec(host)?.[1];
    return port === undefined ? cookieStart : `${cookieStart}-${port}`;
  }
}

function identityOf({ name, fullName = name, groups }: Account) {
  return { issuer: localIssuer, subject: name, name: fullName, claims: { groups } };
}
