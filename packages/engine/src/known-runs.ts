import { hashString } from "@downbeat/domain";

const fewest = 1_024;
/** Of 4 bytes each. Beyond them nothing is known any more. */
const mostSlots = 2 ** 22;

/**
 * Which runs were written, by 32 bits of each: who isn't among them needs no look into the file. Nearly every run that starts is asked for once and is not
 * there, which was a fourth of what it costs to read a long history.
 */
export class KnownRuns {
  /** Open addressing; 0 is free. */
  #slots: Uint32Array | undefined = new Uint32Array(fewest);
  #count = 0;

  /** False only of a run that was never added. */
  mayHold(runId: string): boolean {
    if (this.#slots === undefined) return true;
    const key = keyOf(runId);
    return this.#slots[slotOf(this.#slots, key)] === key;
  }

  add(runId: string): void {
    if (this.#slots === undefined) return;
    const key = keyOf(runId);
    const slot = slotOf(this.#slots, key);
    if (this.#slots[slot] === key) return;
    this.#slots[slot] = key;
    this.#count += 1;
    if (this.#count * 2 > this.#slots.length) this.#slots = grown(this.#slots);
  }
}

/** Where the key is, or would be. */
function slotOf(slots: Uint32Array, key: number): number {
  const mask = slots.length - 1;
  let slot = key & mask;
  for (let found = slots[slot]; found !== 0 && found !== key; found = slots[slot]) slot = (slot + 1) & mask;
  return slot;
}

function grown(slots: Uint32Array): Uint32Array | undefined {
  if (slots.length >= mostSlots) return undefined;
  const wider = new Uint32Array(slots.length * 2);
  for (const key of slots) if (key !== 0) wider[slotOf(wider, key)] = key;
  return wider;
}

// All runs of a partition have the same rest of their hash, so its low bits alone would fill few of the slots.
function keyOf(runId: string): number {
  const hash = hashString(runId);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0 || 1;
}
