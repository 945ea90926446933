import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from "jose";
import { isSafeAddress } from "../configuration.ts";

/** The keys can't be had just now: nothing is known of who asks. */
export class KeysAway extends Error {
  override readonly name = "KeysAway";
}

interface Parts {
  /** Where the provider tells its keys, as it says itself. */
  readonly address: () => Promise<string>;
  /** ms, of any beginning */
  readonly now: () => number;
  /** Keys that are not known are asked for once in so many ms at most, whoever names them. */
  readonly askAgainMs?: number;
}

const withinMs = 5_000;
/** One that the provider takes back counts for so long at most. */
const knownForMs = 10 * 60_000;
const usualAskAgainMs = 30_000;
/** A provider that is away is not asked by everybody who comes. */
const afterFailureMs = 5_000;

/** What a provider signs with by now. */
export class ProviderKeys {
  readonly #parts: Parts;
  #known: { readonly address: string; readonly find: JWTVerifyGetKey } | undefined;
  #failed: { readonly at: number; readonly error: unknown } | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * The key that a token names.
   *
   * @throws KeysAway; JWKSNoMatchingKey, or JWKSMultipleMatchingKeys with those that it may be
   */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const { now } = this.#parts;
    if (this.#failed !== undefined && now() - this.#failed.at < afterFailureMs)
      throw away(this.#failed.error);
    try {
      const find = await this.#keys();
      const key = await find(header, token);
      this.#failed = undefined;
      return key;
    } catch (error) {
      if (isOfToken(error)) throw error;
      this.#failed = { at: now(), error };
      throw away(error);
    }
  };

  async #keys(): Promise<JWTVerifyGetKey> {
    const { address, askAgainMs = usualAskAgainMs } = this.#parts;
    const current = await address();
    if (this.#known?.address !== current) {
      if (!isSafeAddress(current)) throw new Error(`The provider tells its keys over http: ${current}.`);
      const find = createRemoteJWKSet(new URL(current), {
        timeoutDuration: withinMs,
        cacheMaxAge: knownForMs,
        cooldownDuration: askAgainMs,
      });
      this.#known = { address: current, find };
    }
    return this.#known.find;
  }
}

const away = (cause: unknown): KeysAway => new KeysAway("The provider's keys can't be had.", { cause });

/** Of what the token says, and not of how the keys were asked for. */
function isOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
