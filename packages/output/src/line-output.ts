import { write, writeSync } from "node:fs";

/** Where lines go: a file descriptor, unless a test says otherwise. */
export interface Device {
  write(bytes: Buffer, done: (error: NodeJS.ErrnoException | null, written: number) => void): void;
  writeSync(bytes: Buffer): number;
}

export interface LineOutputOptions {
  /** Default: standard output. */
  readonly device?: Device;
  /** So many bytes are kept while they can't be written. Default 1 MiB. */
  readonly mostBytes?: number;
}

const bytesAtOnce = 64 * 1_024;
const tryAgainMs = 1_000;
/** Whoever reads them is slow. */
const busyAgainMs = 100;
const lastTries = 10;
const lastTryEveryMs = 20;

/**
 * Takes the lines of a logger, and never keeps the process from its work: pino's own destination sleeps and tries again in the main thread, for ever, when the
 * process ends while the disk is full (sonic-boom's `flushSync`), and throws before that.
 *
 * While they can't be written the latest lines are not kept but counted, once those that came before fill their room in memory; where they
 * would have been a line says how many they are.
 */
export class LineOutput {
  readonly #device: Device;
  readonly #mostBytes: number;
  #queue: Buffer[] = [];
  #bytes = 0;
  /** Being written. */
  #next: Buffer | undefined;
  #retry: NodeJS.Timeout | undefined;
  /** Lines that are missing after the last one of the queue. */
  #gap = 0;
  /** Nobody reads any more. */
  #isOver = false;
  #dropped = 0;

  constructor(options: LineOutputOptions = {}) {
    this.#device = options.device ?? deviceOf(1);
    this.#mostBytes = options.mostBytes ?? 1_024 * 1_024;
  }

  /** Lines that were not written, and will not be. */
  get dropped(): number {
    return this.#dropped;
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#isOver || this.#bytes + bytes.byteLength > this.#mostBytes) {
      this.#gap += 1;
      this.#dropped += 1;
      return;
    }
    this.#sayGap();
    this.#add(bytes);
    this.#pump();
  }

  /** Called by pino with what is fatal, and when the process ends: what is left is tried for a moment. */
  flushSync(): void {
    this.#sayGap();
    for (let tries = 0; this.#queue.length > 0 && tries < lastTries; ) {
      const next = this.#take();
      try {
        this.#wrote(next, this.#device.writeSync(next));
      } catch (error) {
        this.#wrote(next, 0);
        if (!isBusy(error)) return;
        tries += 1;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lastTryEveryMs);
      }
    }
  }

  #pump(): void {
    if (this.#next !== undefined || this.#retry !== undefined || this.#queue.length === 0) return;
    const next = this.#take();
    this.#next = next;
    this.#device.write(next, (error, written) => {
      this.#next = undefined;
      this.#wrote(next, error === null ? written : 0);
      if (error !== null) return this.#failed(error);
      if (this.#queue.length === 0) this.#sayGap();
      this.#pump();
    });
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (error.code === "EPIPE" || error.code === "EBADF") {
      this.#isOver = true;
      this.#dropped += this.#queue.reduce((lines, bytes) => lines + linesIn(bytes), 0);
      this.#queue = [];
      this.#bytes = 0;
      return;
    }
    const again = () => {
      this.#retry = undefined;
      this.#pump();
    };
    // A process that has nothing else to do ends.
    this.#retry = setTimeout(again, isBusy(error) ? busyAgainMs : tryAgainMs).unref();
  }

  /** As many lines as are worth one call. */
  #take(): Buffer {
    let count = 0;
    for (let bytes = 0; count < this.#queue.length && (count === 0 || bytes <= bytesAtOnce); count++)
      bytes += this.#queue[count]?.byteLength ?? 0;
    return Buffer.concat(this.#queue.splice(0, count));
  }

  /** So many bytes of what was taken are written; the rest is next. */
  #wrote(taken: Buffer, bytes: number): void {
    this.#bytes -= bytes;
    if (bytes < taken.byteLength) this.#queue.unshift(taken.subarray(bytes));
  }

  #add(bytes: Buffer): void {
    this.#queue.push(bytes);
    this.#bytes += bytes.byteLength;
  }

  #sayGap(): void {
    if (this.#gap === 0 || this.#isOver) return;
    this.#add(Buffer.from(gapLine(this.#gap)));
    this.#gap = 0;
  }
}

function deviceOf(descriptor: number): Device {
  return {
    write: (bytes, done) => write(descriptor, bytes, done),
    writeSync: (bytes) => writeSync(descriptor, bytes),
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EAGAIN" || error.code === "EBUSY");
}

function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (const byte of bytes) if (byte === 10) lines += 1;
  return lines;
}

/** As pino writes a warning. */
function gapLine(lines: number): string {
  const what = lines === 1 ? "1 line is" : `${lines} lines are`;
  const msg = `${what} missing here: they could not be written`;
  return `${JSON.stringify({ level: 40, time: Date.now(), pid: process.pid, dropped: lines, msg })}\n`;
}
