import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import {
  type AccessFile,
  type AccountBook,
  actorOf,
  localIssuer,
  nameOfSession,
  shownName,
  standingOf,
  vouchedClaims,
} from "@downbeat/access";
import type { AccountDesk, TokenDesk } from "@downbeat/api";
import type { Logger } from "pino";
import { accountDesk } from "../account/account-desk.ts";
import { OwnPassword } from "../account/own-password.ts";
import { clientAddress, networkOf, TrustedProxies, untrustedProxy } from "../http/client-address.ts";
import { whereFrom } from "../http/where-from.ts";
import { type Asked, tokenDesk } from "../tokens/token-desk.ts";
import type { Visitor } from "../visitors/visitor.ts";
import { AccountSignIn, plausibleName } from "./account-sign-in.ts";
import { type Bearer, Bearers } from "./bearers.ts";
import { EndedSessions } from "./ended-sessions.ts";
import { KeptFiles } from "./kept-files.ts";
import { OwnCookies } from "./own-cookies.ts";
import { OwnSessions } from "./own-sessions.ts";
import { People } from "./people.ts";
import { NotVouched, Provider } from "./provider.ts";
import { sessionKey } from "./session-key.ts";
import { type Session, Sessions } from "./sessions.ts";
import type { Refused, SignInNotes } from "./sign-in-notes.ts";
import { SignedInList } from "./signed-in-list.ts";

interface Parts {
  readonly access: AccessFile;
  /** Whether this server itself speaks TLS. */
  readonly hasTls: boolean;
  /** Where the key of sessions is kept, and which were ended. */
  readonly directory: string;
  readonly logger: Logger;
  readonly notes: SignInNotes;
}

export type Arrival =
  | { readonly type: "in"; readonly cookie: string }
  | { readonly type: "wrong" | "busy" }
  | { readonly type: "later"; readonly afterMs: number };

interface AskedAccount extends Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What the command line is told: nothing of it is secret. */
interface DeviceLogin extends NonNullable<NonNullable<AccessFile["provider"]>["login"]> {
  readonly issuer: string;
  /** As people know the provider. */
  readonly name: string;
}

/** Browsers take no longer ones, without a word. */
const longestCookie = 4_000;
/** More than come back within the life of an errand. */
const mostTaken = 100_000;
/** Who signed in so recently is not asked who they are before they end a session. */
const freshMs = 10 * 60_000;
/** Anybody may send the header. */
const mostUnbelieved = 20;
export const callbackPath = "/signin/callback";

/** Who is signed in here, and how they come and go. */
export class SignIn {
  readonly files: KeptFiles;
  readonly #access: AccessFile;
  readonly #logger: Logger;
  readonly #notes: SignInNotes;
  readonly #sessions: Sessions;
  readonly #people: People;
  readonly #list: SignedInList;
  readonly #own: OwnSessions;
  readonly #accounts: AccountBook | undefined;
  readonly #accountSignIn: AccountSignIn | undefined;
  readonly #provider: Provider | undefined;
  readonly #bearers: Bearers;
  readonly #proxies: TrustedProxies;
  /** Peers that said where others come from, and were not believed: said once of each. */
  readonly #unbelieved = new Set<string>();
  readonly #cookies: OwnCookies;
  /** States of errands that were answered: their seals are good for a while yet. */
  readonly #taken = new Set<string>();

  /** @throws Error with a sentence that says what to do */
  constructor({ access, hasTls, directory, logger, notes }: Parts) {
    this.#access = access;
    this.#logger = logger;
    this.#notes = notes;
    const { idle, longest } = access.sessions;
    const key = sessionKey(join(directory, "key"));
    this.files = new KeptFiles({ access, directory, logger });
    const { accounts } = this.files;
    const ended = new EndedSessions(join(directory, "ended"), Date.now);
    this.#sessions = new Sessions({ key, ended, idleMs: idle, longestMs: longest, now: Date.now });
    this.#people = new People(access, this.files);
    this.#list = new SignedInList({
      folder: join(directory, "signed-in"),
      idleMs: idle,
      longestMs: longest,
      now: Date.now,
      isGood: (session) => this.#people.isGood(session),
      logger,
    });
    this.#own = new OwnSessions(this.#list, this.#sessions);
    const now = () => performance.now();
    this.#accounts = accounts;
    if (accounts !== undefined) this.#accountSignIn = new AccountSignIn(accounts, now);
    if (access.provider !== undefined && access.address !== undefined)
      this.#provider = new Provider(access.provider, new URL(callbackPath, access.address).href, now);
    this.#bearers = new Bearers({ access, files: this.files, provider: this.#provider, logger });
    this.#proxies = new TrustedProxies(access.proxies);
    const isSecure = hasTls || access.address?.protocol === "https:";
    this.#cookies = new OwnCookies({ isSecure, idleMs: idle });
  }

  /** How people may come in. */
  get ways(): { readonly accounts: "none" | "empty" | "some"; readonly provider: string | undefined } {
    const accounts = this.#accounts === undefined ? "none" : this.#accounts.isEmpty ? "empty" : "some";
    return { accounts, provider: this.#provider?.name };
  }

  /** How the command line signs people in; `undefined` where it can't. */
  get deviceLogin(): DeviceLogin | undefined {
    const { login, issuer, name } = this.#access.provider ?? {};
    if (login === undefined || issuer === undefined || name === undefined) return undefined;
    return { issuer, name, ...login };
  }

  /**
   * @param isAgain whoever is signed in there is asked again who they are
   * @throws NotVouched; `undefined` where no provider is configured
   */
  async sendToProvider(
    request: IncomingMessage,
    to: string,
    isAgain: boolean,
  ): Promise<{ readonly url: URL; readonly cookies: readonly string[] } | undefined> {
    if (this.#provider === undefined) return undefined;
    const { url, errand } = await this.#provider.begin(to, isAgain);
    const seal = await this.#sessions.sealErrand(errand);
    return { url, cookies: this.#cookies.errand(request, errand.state, seal) };
  }

  /**
   * Somebody is back from the provider.
   *
   * @throws NotVouched
   */
  async arriveFromProvider(
    request: IncomingMessage,
    query: string,
  ): Promise<{ readonly cookies: readonly string[]; readonly to: string }> {
    const state = stateOf(query);
    const seal = this.#cookies.errandSeal(request, state);
    const errand = seal === undefined ? undefined : await this.#sessions.openErrand(seal);
    if (errand?.state !== state || this.#provider === undefined || this.#taken.has(state)) throw over();
    // Before the provider is asked: the same answer twice at once is taken once.
    this.#take(state);
    const { issuer, subject, name, claims } = await this.#provider.end(query, errand);
    const vouched = { name: shownName(name), ...vouchedClaims(this.#access, claims) };
    const cookie = await this.#welcome(request, { issuer, subject, vouched });
    if (cookie.length > longestCookie)
      throw new NotVouched(
        "You are in more groups than fit into a session. Ask your Downbeat administrators to use fewer of them.",
      );
    return { cookies: [cookie, ...this.forgetErrand(request, query)], to: errand.to };
  }

  #take(state: string): void {
    this.#taken.add(state);
    for (const oldest of this.#taken) {
      if (this.#taken.size <= mostTaken) break;
      this.#taken.delete(oldest);
    }
  }

  /** Once somebody is back, with whatever came of it, the same answer is worth nothing any more; what other tabs wait for is. */
  forgetErrand(request: IncomingMessage, query: string): readonly string[] {
    return this.#cookies.withoutErrand(request, stateOf(query));
  }

  /** Where somebody signs out at the provider, too. */
  async providerSignOut(): Promise<URL | undefined> {
    const { address } = this.#access;
    return address && this.#provider?.signOutUrl(new URL("/signin?why=out", address).href);
  }

  async visitor(request: IncomingMessage): Promise<Visitor | undefined> {
    const seal = this.#cookies.sessionSeal(request);
    const session = seal === undefined ? undefined : await this.#sessions.open(seal);
    return session && this.#visitorOf(session, request);
  }

  /** Who asks with a token. */
  bearer(text: string): Promise<Bearer> {
    return this.#bearers.find(text);
  }

  /** The tokens that are for a namespace, for whoever may keep them. */
  tokensOf(asked: Asked): TokenDesk {
    return tokenDesk({ file: this.#access.tokensFile, files: this.files, now: Date.now }, asked);
  }

  /** How somebody is signed in; absent for who has no session. */
  accountOf(asked: AskedAccount): AccountDesk | undefined {
    const { visitor, name, request } = asked;
    const { session, signedIn } = visitor;
    if (session === undefined || signedIn === undefined) return undefined;
    const isFresh = Date.now() - session.since < freshMs;
    return accountDesk(
      {
        own: this.#own,
        mostSessions: this.#access.sessions.most,
        password: this.#passwordOf(session, request),
        goOn: () => this.#goOn(session, asked),
        elsewhere: () => this.#notes.elsewhere(visitor, name, this.#from(request)),
      },
      { person: signedIn.id, current: nameOfSession(session.id), isFresh },
    );
  }

  #passwordOf({ issuer, subject }: Session, request: IncomingMessage): OwnPassword | undefined {
    const { accountsFile } = this.#access;
    const [accounts, signIn] = [this.#accounts, this.#accountSignIn];
    if (issuer !== localIssuer || accountsFile === undefined) return undefined;
    if (accounts === undefined || signIn === undefined) return undefined;
    return new OwnPassword(
      { access: this.#access, accountsFile, accounts, files: this.files, signIn, now: Date.now },
      { name: subject, network: networkOf(this.addressOf(request)) },
    );
  }

  /** In another session: theirs has ended with all others. */
  async #goOn(before: Session, { request, response }: AskedAccount): Promise<void> {
    this.#list.forget(before);
    const next = this.#sessions.begin(before);
    this.#visitorOf(next, request);
    const cookie = this.#cookies.session(request, await this.#sessions.seal(next));
    if (!response.headersSent) response.setHeader("set-cookie", cookie);
  }

  /** Whether somebody comes with a seal, good or not. */
  hasSeal(request: IncomingMessage): boolean {
    return this.#cookies.sessionSeal(request) !== undefined;
  }

  /** A cookie with a fresh seal, where the one that came is of some age. */
  async renewal(request: IncomingMessage, { session }: Visitor): Promise<string | undefined> {
    const renewed = session && this.#sessions.renewed(session);
    return renewed && this.#cookies.session(request, await this.#sessions.seal(renewed));
  }

  async arrive(request: IncomingMessage, name: string, password: string): Promise<Arrival> {
    const address = this.addressOf(request);
    if (this.#accountSignIn === undefined) return { type: "wrong" };
    const attempt = await this.#accountSignIn.attempt(name, password, networkOf(address));
    if (attempt.type !== "right") {
      this.#logger.warn(
        { name: plausibleName(name) ?? null, address, outcome: attempt.type },
        "a sign-in was refused",
      );
      const why =
        attempt.type === "busy"
          ? "Too many people signed in at once."
          : attempt.type === "later"
            ? "Too many attempts went wrong."
            : "The name or the password was wrong.";
      this.#noteRefused(request, { name: plausibleName(name), by: "account", why });
      return attempt;
    }
    return {
      type: "in",
      cookie: await this.#welcome(request, { issuer: localIssuer, subject: attempt.account.name }),
    };
  }

  /** @returns the cookie of a session that nobody had before */
  async #welcome(
    request: IncomingMessage,
    whose: Pick<Session, "issuer" | "subject" | "vouched">,
  ): Promise<string> {
    const before = await this.visitor(request);
    if (before?.session !== undefined) {
      this.#end(before.session);
      this.#notes.left(before, this.#from(request), "Somebody signed in again in that browser.");
    }
    const session = this.#sessions.begin(whose);
    const identity = this.#people.identityOf(session);
    const address = this.addressOf(request);
    this.#logger.info({ actor: identity && actorOf(identity), address }, "signed in");
    const visitor = this.#visitorOf(session, request);
    if (visitor !== undefined) {
      this.#notes.arrived(visitor, this.#from(request));
      await this.#endTheOldest(visitor, request);
    }
    return this.#cookies.session(request, await this.#sessions.seal(session));
  }

  async #endTheOldest(visitor: Visitor, request: IncomingMessage): Promise<void> {
    const { most } = this.#access.sessions;
    try {
      const ended = await this.#own.keepTo(most, visitor.signedIn?.id ?? "");
      const why = `One person has at most ${most} sessions: the oldest ended.`;
      for (let one = 0; one < ended; one += 1) this.#notes.left(visitor, this.#from(request), why);
    } catch (err) {
      this.#logger.warn({ err }, "somebody may have more sessions than one person has");
    }
  }

  #noteRefused(request: IncomingMessage, refused: Omit<Refused, "network">): void {
    this.#notes.refused({ ...refused, network: networkOf(this.addressOf(request)) }, this.#from(request));
  }

  #from(request: IncomingMessage) {
    return whereFrom(request, this.addressOf(request));
  }

  /** Of whoever asks, as far as it is believed. */
  addressOf(request: IncomingMessage): string {
    const peer = untrustedProxy(request, this.#proxies);
    if (peer !== undefined && !this.#unbelieved.has(peer) && this.#unbelieved.size < mostUnbelieved) {
      this.#unbelieved.add(peer);
      this.#logger.warn(
        { peer },
        "sign-ins come with X-Forwarded-For from an address that the access file doesn't name among proxies: they all count as coming from there",
      );
    }
    return clientAddress(request, this.#proxies);
  }

  /** Why somebody was not let in, for whoever keeps this server. */
  noteRefusal(request: IncomingMessage, error: NotVouched): void {
    const address = this.addressOf(request);
    this.#logger.warn({ address, outcome: error.message, err: error.cause }, "a sign-in was refused");
    this.#noteRefused(request, { name: undefined, by: "provider", why: error.message });
  }

  /** Somebody came with a token that is none. */
  noteTokenRefused(request: IncomingMessage, why: string): void {
    this.#noteRefused(request, { name: undefined, by: "token", why });
  }

  /** @returns the cookie that takes the seal away; it would be worth nothing any more */
  leave(request: IncomingMessage, visitor: Visitor | undefined): string {
    if (visitor?.session !== undefined) {
      this.#end(visitor.session);
      this.#logger.info({ actor: visitor.actor }, "signed out");
      this.#notes.left(visitor, this.#from(request));
    }
    return this.#cookies.session(request, "");
  }

  #end(session: Session): void {
    this.#list.forget(session);
    this.#sessions.end(session);
  }

  #visitorOf(session: Session, request: IncomingMessage): Visitor | undefined {
    const identity = this.#people.identityOf(session);
    if (identity === undefined) return undefined;
    this.#list.hear(session, () => ({ ...this.#people.told(identity), from: this.#from(request) }));
    return {
      session,
      actor: actorOf(identity),
      signedIn: this.#people.signedIn(identity),
      standingIn: (name) => {
        // As the file of accounts says by now: groups may have been taken away.
        const current = this.#people.identityOf(session);
        return current === undefined
          ? { refusal: "You are not signed in any more." }
          : standingOf(this.#access, current, name);
      },
      isStillIn: () => this.#sessions.isAlive(session) && this.#people.identityOf(session) !== undefined,
    };
  }
}

const stateOf = (query: string): string => new URLSearchParams(query).get("state") ?? "";

const over = (): NotVouched => new NotVouched("This sign-in is over, or was started elsewhere. Start again.");
