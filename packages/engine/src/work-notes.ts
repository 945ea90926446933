import { closeSync, existsSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import type { Unfinished } from "./trials.ts";

/** A decision that has taken so much of the process's own time is no ordinary one, ms: it takes under a millisecond as a rule. */
export const longAfterMs = 1_000;

/** Room for a state, a mark, a length and the longest `commandId`. */
const slotBytes = 2_100;
const state = { nothing: 0, deciding: 1, inCode: 2 } as const;
const headBytes = 4;

/**
 * What each partition's owner in this process is at, in a file: it is written before and after each decision (a few microseconds, in the system's memory),
 * so it says what the process was at when it ended. The watchdog, another thread, marks in it what has taken long.
 */
export class WorkNotes {
  readonly #fd: number;

  /** @param path made when it is not there */
  constructor(path: string) {
    this.#fd = openSync(path, existsSync(path) ? "r+" : "w+");
  }

  close(): void {
    closeSync(this.#fd);
  }

  deciding(partition: number, commandId = ""): void {
    const slot = Buffer.alloc(headBytes + Buffer.byteLength(commandId));
    slot[0] = state.deciding;
    // One that doesn't fit is noted as several: they are tried one by one then.
    const length = slot.length <= slotBytes ? slot.length - headBytes : 0;
    slot.writeUInt16BE(length, 2);
    slot.write(commandId, headBytes);
    writeSync(this.#fd, slot, 0, headBytes + length, partition * slotBytes);
  }

  inCode(partition: number, is: boolean): void {
    writeSync(this.#fd, Buffer.of(is ? state.inCode : state.deciding), 0, 1, partition * slotBytes);
  }

  decided(partition: number): void {
    writeSync(this.#fd, Buffer.of(state.nothing), 0, 1, partition * slotBytes);
  }

  takeUnfinished(partition: number): Unfinished | undefined {
    const slot = Buffer.alloc(slotBytes);
    const read = readSync(this.#fd, slot, 0, slotBytes, partition * slotBytes);
    if (read < headBytes || slot[0] === state.nothing) return undefined;
    const commandId = slot.toString("utf8", headBytes, headBytes + slot.readUInt16BE(2));
    this.decided(partition);
    return {
      ...(commandId !== "" && { commandId }),
      isInCode: slot[0] === state.inCode,
      isLong: slot[1] === 1,
    };
  }
}

/** Marks what is being decided right now as long. For the watchdog's thread, while the engine's own stands still. */
export function markLong(path: string): void {
  if (!existsSync(path)) return;
  const fd = openSync(path, "r+");
  try {
    const { size } = fstatSync(fd);
    const first = Buffer.alloc(1);
    for (let slot = 0; slot + headBytes <= size; slot += slotBytes) {
      readSync(fd, first, 0, 1, slot);
      if (first[0] !== state.nothing) writeSync(fd, Buffer.of(1), 0, 1, slot + 1);
    }
  } finally {
    closeSync(fd);
  }
}
