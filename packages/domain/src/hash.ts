/**
 * 32-bit FNV-1a over the UTF-16 code units with a final avalanche (from MurmurHash3), unsigned. Frozen: partitions of runs and jitter of retries depend on it.
 * Sources: RFC draft "The FNV Non-Cryptographic Hash Algorithm"; MurmurHash3 fmix32.
 */
export function hashString(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The partition of `inbox` and `history` that a run lives in. */
export function partitionOf(runId: string, partitions: number): number {
  return hashString(runId) % partitions;
}
