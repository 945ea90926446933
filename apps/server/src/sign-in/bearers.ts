import {
  type AccessFile,
  type AccountBook,
  actorOf,
  type EndedPeople,
  idOf,
  isJwt,
  localIssuer,
  ProviderKeys,
  ProviderTokens,
  standingOf,
  standingOfToken,
  type TokenBook,
} from "@downbeat/access";
import type { Logger } from "pino";
import type { Refusal } from "../http/guard.ts";
import type { Visitor } from "../visitors/visitor.ts";
import type { KeptFiles } from "./kept-files.ts";
import type { Provider } from "./provider.ts";

export type Bearer =
  | { readonly type: "in"; readonly visitor: Visitor }
  /** In a sentence for whoever asks. */
  | { readonly type: "refused"; readonly why: string }
  /** By no fault of the token. */
  | { readonly type: "unknown"; readonly refusal: Refusal };

interface Parts {
  readonly access: AccessFile;
  readonly files: KeptFiles;
  readonly provider: Provider | undefined;
  readonly logger: Logger;
}

const tryAgainMs = 5_000;

/** Who asks with a token: one of our own, or one that the provider signed. */
export class Bearers {
  readonly #access: AccessFile;
  readonly #tokens: TokenBook;
  readonly #accounts: AccountBook | undefined;
  readonly #ended: EndedPeople;
  readonly #provided: ProviderTokens;

  constructor({ access, files, provider, logger }: Parts) {
    this.#access = access;
    this.#tokens = files.tokens;
    this.#accounts = files.accounts;
    this.#ended = files.ended;
    const keys = new ProviderKeys({
      address: () => provider?.keysAddress() ?? Promise.reject(new Error("There is no provider.")),
      now: () => performance.now(),
      onFailure: (err) =>
        logger.error(
          { err },
          "the provider's keys can't be had: its tokens are checked by those of the last 10 min, or not at all",
        ),
    });
    this.#provided = new ProviderTokens({ access, findKey: keys.find, wallClock: Date.now });
  }

  async find(text: string): Promise<Bearer> {
    return isJwt(text) ? this.#vouchedFor(text) : this.#ofOurOwn(text);
  }

  #ofOurOwn(text: string): Bearer {
    const token = this.#tokens.find(text);
    if (token === undefined) return { type: "refused", why: "This token is none of ours, or not any more." };
    if (!this.#mayComeIn(token.person))
      return { type: "refused", why: "The account that this token was made for is disabled or removed." };
    const identity = { issuer: tokenIssuer, subject: token.id, name: token.name, groups: [], claims: {} };
    const visitor: Visitor = {
      actor: actorOf(identity),
      signedIn: {
        name: token.name,
        id: idOf(identity),
        by: "token",
        ...(token.person !== undefined && { person: token.person }),
      },
      standingIn: (name) => standingOfToken(token, name),
      isStillIn: () => this.#tokens.find(text) !== undefined && this.#mayComeIn(token.person),
    };
    return { type: "in", visitor };
  }

  /** Whom a token stands for. Of those from the provider nothing is known here until they come. */
  #mayComeIn(person: string | undefined): boolean {
    const prefix = `${localIssuer}|`;
    if (this.#accounts === undefined || person?.startsWith(prefix) !== true) return true;
    return this.#accounts.find(person.slice(prefix.length)) !== undefined;
  }

  async #vouchedFor(text: string): Promise<Bearer> {
    const vouching = await this.#provided.check(text);
    if (vouching.type === "refused") return vouching;
    if (vouching.type === "unknown")
      return { type: "unknown", refusal: { status: 503, sentence: vouching.why, afterMs: tryAgainMs } };
    const { identity, endsAt, begunAt = 0, isPersons } = vouching;
    const id = idOf(identity);
    const isEnded = () => this.#ended.has(id, begunAt);
    if (isEnded())
      return { type: "refused", why: "What its owner had begun was ended here. Get another one." };
    const visitor: Visitor = {
      actor: actorOf(identity),
      signedIn: { name: identity.name, id, by: "token", ...(isPersons && { person: id }) },
      standingIn: (name) => standingOf(this.#access, identity, name),
      isStillIn: () => Date.now() < endsAt && !isEnded(),
    };
    return { type: "in", visitor };
  }
}

/** Of tokens of our own: no provider has an address like that. */
const tokenIssuer = "token";
