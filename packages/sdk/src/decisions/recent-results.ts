const kept = 16;

/** Which job a value came from: by identity for the last few results, else the one whose result came last. */
export class RecentResults {
  #last: string | undefined;
  readonly #recent: { readonly jobId: string; readonly value: object }[] = [];

  add(jobId: string, value: unknown): void {
    this.#last = jobId;
    if (typeof value !== "object" || value === null) return;
    if (this.#recent.length === kept) this.#recent.shift();
    this.#recent.push({ jobId, value });
  }

  /** @param value a result, or an object with a result in one of its fields */
  jobOf(value: unknown): string | undefined {
    if (typeof value !== "object" || value === null) return this.#last;
    const found = this.#find(value);
    if (found !== undefined) return found;
    for (const field of Object.values(value)) {
      const inside = this.#find(field);
      if (inside !== undefined) return inside;
    }
    return this.#last;
  }

  #find(value: unknown): string | undefined {
    return this.#recent.findLast((result) => result.value === value)?.jobId;
  }
}
