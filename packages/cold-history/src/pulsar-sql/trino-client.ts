/// <reference path="./presto-client.d.ts" />
import type { ClientRequest } from "node:http";
import presto, { type RequestCallback, type RequestTarget } from "presto-client";
import { ColdError } from "../port/cold-error.ts";
import type { CheckedAddress } from "./address.ts";

/** Answered with another HTTP status than success. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly status: number;

  constructor(status: number, body: string) {
    super(body.slice(0, 300));
    this.status = status;
  }
}

const busyStatuses: readonly number[] = [502, 503, 504];

export interface TrinoLimits {
  /** A single request that is not answered for so long has failed, ms. Trino answers each within a second or two. */
  readonly requestTimeoutMs: number;
  /** How often a gateway's "not now" is taken for an answer. */
  readonly mostRetries: number;
  /** Wait between two pages, ms, at least 1. */
  readonly pageWaitMs: number;
}

export const defaultTrinoLimits: TrinoLimits = { requestTimeoutMs: 30_000, mostRetries: 20, pageWaitMs: 20 };

/**
 * presto-client for one query, which sends its requests to the configured address and nowhere else: a `nextUri` may come from whoever answers there,
 * and must not take the credentials away.
 */
export class TrinoClient extends presto.Client {
  readonly #origin: string;
  readonly #user: string;
  readonly #limits: TrinoLimits;
  readonly #underWay = new Set<ClientRequest>();
  #retries = 0;

  constructor(address: CheckedAddress, limits: TrinoLimits, parse: (text: string) => unknown) {
    const { host, port, user, catalogue, schema, isSecure, ca, password, token } = address;
    super({
      engine: "trino",
      host,
      port,
      user,
      source: "downbeat",
      catalog: catalogue,
      schema,
      ...(isSecure && { ssl: ca === undefined ? {} : { ca } }),
      ...(password !== undefined && { basic_auth: { user, password } }),
      ...(password === undefined && token !== undefined && { custom_auth: `Bearer ${token}` }),
      checkInterval: limits.pageWaitMs,
      enableVerboseStateCallback: true,
      jsonParser: { parse },
      timeout: 0,
    });
    this.#origin = address.origin;
    this.#user = user;
    this.#limits = limits;
  }

  override request(target: string | RequestTarget, callback: RequestCallback): ClientRequest | undefined {
    const asked = typeof target === "string" ? { method: "GET", path: target } : target;
    const path = this.#pathOf(asked.path);
    if (path === undefined) {
      const elsewhere = URL.parse(asked.path)?.origin ?? asked.path;
      const sentence = `Pulsar SQL at ${this.#origin} sends on to ${elsewhere}, which is not its configured address: give the address that it calls itself by (behind a proxy: X-Forwarded headers).`;
      callback(new ColdError("failed", sentence));
      return undefined;
    }
    // Without `user` presto-client names nobody on pages after the first.
    const request = super.request(
      { ...asked, path, user: this.#user, followRedirects: false },
      (error, status, data) => {
        if (request !== undefined) this.#underWay.delete(request);
        if (status === undefined || status < 300) return callback(error, status, data);
        if (busyStatuses.includes(status) && this.#retries++ < this.#limits.mostRetries)
          return callback(error, status, data);
        // Without the status: presto-client would try again forever.
        callback(new StatusError(status, typeof data === "string" ? data : ""));
      },
    );
    if (request === undefined) return undefined;
    this.#underWay.add(request);
    const { requestTimeoutMs } = this.#limits;
    request.setTimeout(requestTimeoutMs, () =>
      request.destroy(new Error(`no answer in ${requestTimeoutMs / 1_000} s`)),
    );
    return request;
  }

  /** Breaks off what is under way; its callbacks are called with an error. */
  breakOff(): void {
    for (const request of this.#underWay) request.destroy(new Error("broken off"));
  }

  #pathOf(pathOrUrl: string): string | undefined {
    if (pathOrUrl.startsWith("/") && !pathOrUrl.startsWith("//")) return pathOrUrl;
    const url = URL.parse(pathOrUrl);
    return url?.origin === this.#origin ? url.pathname + url.search : undefined;
  }
}
