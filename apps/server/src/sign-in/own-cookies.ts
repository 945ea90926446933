import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { cookieNames, cookieOf, setCookie } from "./cookies.ts";
import { errandMs } from "./sessions.ts";

/** A seal's cookie: pages of other hosts can't set one of that name where the browser speaks TLS. */
const securePrefix = "__Host-";
const sessionStart = "downbeat-session";
const errandStart = "downbeat-errand";
/** Of one browser: so many tabs may be at the provider at once. */
const mostErrands = 5;

export function isSessionCookie(name: string): boolean {
  return [sessionStart, errandStart].some(
    (start) => name.startsWith(start) || name.startsWith(securePrefix + start),
  );
}

interface Parts {
  readonly isSecure: boolean;
  /** Of a session of which nothing is heard. */
  readonly idleMs: number;
}

/** The seals that browsers keep for people who are signed in, or about to be. */
export class OwnCookies {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Of the session that somebody comes with, good or not. */
  sessionSeal(request: IncomingMessage): string | undefined {
    return cookieOf(request, this.#nameOf(sessionStart, request));
  }

  /** @param seal empty: takes it away */
  session(request: IncomingMessage, seal: string): string {
    const maxAge = seal === "" ? 0 : Math.ceil(this.#parts.idleMs / 1_000);
    return this.#set(this.#nameOf(sessionStart, request), seal, maxAge);
  }

  errandSeal(request: IncomingMessage, state: string): string | undefined {
    return cookieOf(request, this.#errandName(request, state));
  }

  /** Takes away those that are older than what a few tabs need: a header of a request holds so much and no more. */
  errand(request: IncomingMessage, state: string, seal: string): readonly string[] {
    // Browsers send older ones first.
    const start = `${this.#nameOf(errandStart, request)}.`;
    const tooMany = cookieNames(request)
      .filter((name) => name.startsWith(start))
      .slice(0, 1 - mostErrands);
    return [
      ...tooMany.map((name) => this.#set(name, "", 0)),
      this.#set(this.#errandName(request, state), seal, errandMs / 1_000),
    ];
  }

  withoutErrand(request: IncomingMessage, state: string): readonly string[] {
    const name = this.#errandName(request, state);
    return cookieOf(request, name) === undefined ? [] : [this.#set(name, "", 0)];
  }

  /** One for each state: several tabs may be at the provider at once. */
  #errandName(request: IncomingMessage, state: string): string {
    const digest = createHash("sha256").update(state).digest("base64url").slice(0, 16);
    return `${this.#nameOf(errandStart, request)}.${digest}`;
  }

  #set(name: string, value: string, maxAge: number): string {
    return setCookie({ name, value, isSecure: this.#parts.isSecure, maxAge });
  }

  /** Browsers keep one jar for all ports of a host: several Downbeats of one machine must not sign each other's people out. */
  #nameOf(start: string, { headers: { host = "" } }: IncomingMessage): string {
    if (this.#parts.isSecure) return securePrefix + start;
    const port = /:(\d+)$/.exec(host)?.[1];
    return port === undefined ? start : `${start}-${port}`;
  }
}
