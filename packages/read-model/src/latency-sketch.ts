/**
 * Durations in whole milliseconds, and their quantiles by nearest rank: a quantile is a duration that was recorded. As long as they are few they are kept as
 * they are; beyond that, as counts in buckets whose bounds grow by a constant factor, so that a quantile is within 1 % of the duration at that rank. Two
 * sketches add up to the sketch of both, in whatever order. The mapping to buckets is DDSketch's (Masson, Rim, Lee 2019).
 */
export class LatencySketch {
  /** While they are few. */
  #values: number[] | undefined = [];
  readonly #counts = new Map<number, number>();
  #total = 0;

  get count(): number {
    return this.#total;
  }

  add(ms: number): void {
    const whole = Math.max(0, Math.round(ms));
    if (this.#values === undefined) return this.#addTo(bucketOf(whole), 1);
    this.#values.push(whole);
    this.#total++;
    if (this.#values.length > mostValues) this.#spill();
  }

  /** Durations that were counted elsewhere, by the same bounds. */
  addBucket(bucket: number, count: number): void {
    this.#spill();
    this.#addTo(bucket, count);
  }

  merge(other: LatencySketch): void {
    this.mergeEncoded(other.encode());
  }

  /** Adds what was encoded, without making a sketch of it first. */
  mergeEncoded(bytes: Uint8Array): void {
    let offset = 0;
    const read = (): number => {
      let value = 0;
      let factor = 1;
      for (;;) {
        const byte = bytes[offset++];
        if (byte === undefined) throw new RangeError("A latency sketch ends in the middle of a number.");
        value += (byte & 0x7f) * factor;
        if (byte < 0x80) return value;
        factor *= 0x80;
      }
    };
    if (bytes.length === 0) return;
    const form = read();
    let last = 0;
    while (offset < bytes.length) {
      last += read();
      if (form === formOfValues) this.add(last);
      else this.addBucket(last, read());
    }
  }

  /** @returns ms, or `undefined` when nothing was recorded */
  quantile(q: number): number | undefined {
    if (this.#total === 0) return undefined;
    // 0.07 × 100 is a little more than 7.
    const rank = Math.max(1, Math.ceil(q * this.#total - 1e-9));
    if (this.#values !== undefined) return this.#values.sort(ascending)[rank - 1];
    let seen = 0;
    let last = 0;
    for (const bucket of this.#sorted()) {
      seen += this.#counts.get(bucket) ?? 0;
      last = bucket;
      if (seen >= rank) break;
    }
    return durationOf(last);
  }

  /** Varints. The form, then of each value the distance from the one before; or of each bucket that, and its count. */
  encode(): Uint8Array {
    const bytes: number[] = [];
    let previous = 0;
    if (this.#total === 0) return new Uint8Array();
    if (this.#values !== undefined) {
      bytes.push(formOfValues);
      for (const value of this.#values.sort(ascending)) {
        writeVarint(bytes, value - previous);
        previous = value;
      }
      return Uint8Array.from(bytes);
    }
    bytes.push(formOfBuckets);
    for (const bucket of this.#sorted()) {
      writeVarint(bytes, bucket - previous);
      writeVarint(bytes, this.#counts.get(bucket) ?? 0);
      previous = bucket;
    }
    return Uint8Array.from(bytes);
  }

  static decode(bytes: Uint8Array): LatencySketch {
    const sketch = new LatencySketch();
    sketch.mergeEncoded(bytes);
    return sketch;
  }

  #spill(): void {
    const values = this.#values;
    if (values === undefined) return;
    this.#values = undefined;
    this.#total = 0;
    for (const value of values) this.#addTo(bucketOf(value), 1);
  }

  #addTo(bucket: number, count: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    this.#total += count;
  }

  #sorted(): number[] {
    return [...this.#counts.keys()].sort(ascending);
  }
}

/** So many are kept as they are: some 200 bytes. */
const mostValues = 100;
const formOfValues = 0;
const formOfBuckets = 1;

/** Half of what is promised: the other half is for whole milliseconds. */
const accuracy = 0.005;
const gamma = (1 + accuracy) / (1 - accuracy);
/** The bucket of a duration of at least 1 ms is this times its natural logarithm, rounded up, and 1; that of a shorter one is 0. */
export const sketchBucketsPerLog = 1 / Math.log(gamma);

function bucketOf(ms: number): number {
  return ms < 1 ? 0 : 1 + Math.ceil(Math.log(ms) * sketchBucketsPerLog);
}

function durationOf(bucket: number): number {
  return bucket === 0 ? 0 : Math.round((2 * gamma ** (bucket - 1)) / (gamma + 1));
}

function ascending(a: number, b: number): number {
  return a - b;
}

function writeVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}
