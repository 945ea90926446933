/**
 * Durations as counts in buckets whose bounds grow by a constant factor, so that every quantile is within 1 % of a value that was
 * recorded, and two sketches add up to the sketch of both. The mapping is DDSketch's (Masson, Rim, Lee 2019), kept to what whole
 * milliseconds need.
 */
export class LatencySketch {
  readonly #counts = new Map<number, number>();
  #total = 0;

  get count(): number {
    return this.#total;
  }

  add(ms: number): void {
    this.#addTo(bucketOf(ms), 1);
  }

  /** Durations that were counted elsewhere, by the same bounds. */
  addBucket(bucket: number, count: number): void {
    this.#addTo(bucket, count);
  }

  merge(other: LatencySketch): void {
    for (const [bucket, count] of other.#counts) this.#addTo(bucket, count);
  }

  /** Adds what was encoded, without making a sketch of it first. */
  mergeEncoded(bytes: Uint8Array): void {
    let bucket = 0;
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
    while (offset < bytes.length) {
      bucket += read();
      this.#addTo(bucket, read());
    }
  }

  /** @returns ms, or `undefined` when nothing was recorded */
  quantile(q: number): number | undefined {
    if (this.#total === 0) return undefined;
    const rank = q * (this.#total - 1);
    let seen = 0;
    let last = 0;
    for (const bucket of this.#sorted()) {
      seen += this.#counts.get(bucket) ?? 0;
      last = bucket;
      if (seen > rank) break;
    }
    return durationOf(last);
  }

  /** Pairs of varints: distance from the bucket before, and count. */
  encode(): Uint8Array {
    const bytes: number[] = [];
    let previous = 0;
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

  #addTo(bucket: number, count: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    this.#total += count;
  }

  #sorted(): number[] {
    return [...this.#counts.keys()].sort((a, b) => a - b);
  }
}

const accuracy = 0.01;
const gamma = (1 + accuracy) / (1 - accuracy);
/** The bucket of a duration over 1 ms is this times its natural logarithm, rounded up; that of shorter ones is 0. */
export const sketchBucketsPerLog = 1 / Math.log(gamma);

function bucketOf(ms: number): number {
  return ms <= 1 ? 0 : Math.ceil(Math.log(ms) * sketchBucketsPerLog);
}

function durationOf(bucket: number): number {
  return bucket === 0 ? 1 : Math.round((2 * gamma ** bucket) / (gamma + 1));
}

function writeVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}
