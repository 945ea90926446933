import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey } from "jose";
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
  /** They were asked for in vain: once each time that the provider was asked, whoever waited for it. */
  readonly onFailure?: (cause: unknown) => void;
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
  #known: { readonly address: string; readonly find: ReturnType<typeof createRemoteJWKSet> } | undefined;
  #failed: { readonly at: number; readonly error: unknown } | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * The key that a token names. While keys can't be had, those that were had within the last ten minutes are found all the same.
   *
   * @throws KeysAway; JWKSNoMatchingKey, or JWKSMultipleMatchingKeys with those that it may be
   */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (this.#failed !== undefined && this.#isRecent(this.#failed))
      return this.#findKnown(header, token, this.#failed.error);
    try {
      const find = await this.#keys();
      const key = await find(header, token);
      this.#failed = undefined;
      return key;
    } catch (error) {
      if (isOfToken(error)) throw error;
      this.#fail(error);
      return this.#findKnown(header, token, error);
    }
  };

  #isRecent({ at }: { readonly at: number }): boolean {
    return this.#parts.now() - at < afterFailureMs;
  }

  #fail(error: unknown): void {
    // Others waited for the same answer.
    if (this.#failed !== undefined && this.#isRecent(this.#failed)) return;
    this.#failed = { at: this.#parts.now(), error };
    this.#parts.onFailure?.(error);
  }

  /** A token that names a key that nobody knows must not have all others wait. */
  async #findKnown(...[header, token, cause]: [...Parameters<JWTVerifyGetKey>, unknown]) {
    const keys = this.#known?.find.fresh ? this.#known.find.jwks() : undefined;
    if (keys === undefined) throw away(cause);
    try {
      return await createLocalJWKSet(keys)(header, token);
    } catch (error) {
      throw error instanceof errors.JWKSNoMatchingKey ? away(cause) : error;
    }
  }

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
