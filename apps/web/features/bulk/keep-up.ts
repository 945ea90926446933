interface Query {
  /** Of what is known now. */
  readonly version: string;
  readonly isFetching: boolean;
  /** It brings further ones, and no news of those that are here. */
  readonly isFetchingNextPage: boolean;
}

/** Finds out whether to ask again: what was asked for before there was news may not have it. */
export class KeepUp {
  #asked: string | undefined;
  #isUnderWay = false;

  isBehind({ version, isFetching, isFetchingNextPage }: Query): boolean {
    if (isFetchingNextPage) return false;
    if (isFetching && !this.#isUnderWay) this.#asked = version;
    this.#isUnderWay = isFetching;
    return !isFetching && this.#asked !== version;
  }
}
