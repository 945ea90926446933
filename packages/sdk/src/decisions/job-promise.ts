/**
 * The promise of a job, which knows whether the code has ever looked at it. `await`, `then` and the combinators all ask a promise for its constructor first; in everything
 * else it is a promise like any other, to the order in which things happen.
 */
export class JobPromise<T> extends Promise<T> {
  #isLookedAt = false;

  static {
    Object.defineProperty(JobPromise.prototype, "constructor", {
      configurable: true,
      get(this: object): unknown {
        if (#isLookedAt in this) this.#isLookedAt = true;
        return Promise;
      },
    });
  }

  static open(): {
    readonly promise: JobPromise<unknown>;
    readonly resolve: (value: unknown) => void;
    readonly reject: (error: Error) => void;
  } {
    let resolve: (value: unknown) => void = () => {};
    let reject: (error: Error) => void = () => {};
    const promise = new JobPromise<unknown>((...ends) => {
      [resolve, reject] = ends;
    });
    return { promise, resolve, reject };
  }

  get isLookedAt(): boolean {
    return this.#isLookedAt;
  }

  /** As `catch`, by the library itself, which doesn't count. */
  unheard(): void {
    this.catch(() => {});
    this.#isLookedAt = false;
  }
}
