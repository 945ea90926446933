import { closeSync, openSync, renameSync, statSync, writeSync } from "node:fs";

export interface LogFileOptions {
  readonly path: string;
  /** When it has so many bytes, it is set aside and begun again. Default 10 MB. */
  readonly maxBytes?: number;
  /** Files, the present one included. Default 3. */
  readonly kept?: number;
  /** Told when it can't be written, once, and when it can be again. */
  readonly onTrouble: (sentence: string) => void;
}

const newline = 10;

/**
 * What a process says, in files of bounded size: `engine.log`, before it `engine.log.1`, and so on. That it can't be written is no reason to end anything:
 * what is said meanwhile is lost.
 */
export class LogFile {
  readonly #options: Required<LogFileOptions>;
  #file: number | undefined;
  #size = 0;
  #inTrouble = false;

  constructor(options: LogFileOptions) {
    this.#options = { maxBytes: 10_000_000, kept: 3, ...options };
  }

  write(chunk: Buffer): void {
    try {
      this.#append(chunk);
      if (this.#inTrouble) this.#options.onTrouble(`${this.#options.path} is written again.`);
      this.#inTrouble = false;
    } catch (error) {
      this.close();
      if (this.#inTrouble) return;
      this.#inTrouble = true;
      this.#options.onTrouble(`${this.#options.path} can't be written: ${reasonOf(error)}.`);
    }
  }

  close(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) closeSync(file);
  }

  #append(chunk: Buffer): void {
    this.#file ??= this.#open();
    for (let at = 0; at < chunk.byteLength; ) at += writeSync(this.#file, chunk, at);
    this.#size += chunk.byteLength;
    // Between two lines.
    if (this.#size >= this.#options.maxBytes && chunk.at(-1) === newline) this.#setAside();
  }

  #open(): number {
    this.#size = statSync(this.#options.path, { throwIfNoEntry: false })?.size ?? 0;
    return openSync(this.#options.path, "a", 0o600);
  }

  #setAside(): void {
    const { path, kept } = this.#options;
    this.close();
    for (let age = kept - 1; age >= 1; age--) {
      const from = age === 1 ? path : `${path}.${age - 1}`;
      if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, `${path}.${age}`);
    }
  }
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOSPC" || code === "EDQUOT") return "the disk is full";
  if (code === "ENOENT") return "its directory is gone";
  return (error as Error).message;
}
