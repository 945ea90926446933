import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { resolve } from "node:path";
import { LogError } from "@downbeat/message-log";

const lookEveryMs = 1_000;

/** Whoever writes one of their own: what an HTTP header can hold, and nobody guesses. */
const shape = /^[\x21-\x7e]{32,1000}$/;

export interface LogTokenOptions {
  /** Told what keeps a token that was put into the file from being taken while the log is served. Default: a line on standard error. */
  readonly onTrouble?: (sentence: string) => void;
}

/** What a log asks who it answers for: a secret in a file for its owner alone, made where there is none, and followed. */
export class LogToken {
  readonly file: string;
  readonly #onTrouble: (sentence: string) => void;
  #digest: Buffer;
  /** State of the file when it was last read. */
  #seen = "";
  #onReplaced: (() => void) | undefined;

  /** @throws LogError with a sentence that says what to do, when the file can't be used */
  static in(file: string, options: LogTokenOptions = {}): LogToken {
    return new LogToken(resolve(file), options.onTrouble ?? ((said) => process.stderr.write(`${said}\n`)));
  }

  private constructor(file: string, onTrouble: (sentence: string) => void) {
    this.file = file;
    this.#onTrouble = onTrouble;
    this.#digest = this.#read();
  }

  /** In a time that says nothing of it. */
  isShownBy(token: string | undefined): boolean {
    if (token === undefined) return false;
    if (this.#is(token)) return true;
    // It may have been replaced a moment ago.
    this.#look();
    return this.#is(token);
  }

  /**
   * Takes the token that there is then, when the file is replaced; deleted, a new one is made.
   *
   * @param onReplaced told each time: who was let in by the one before is let in no more
   * @returns ends it
   */
  follow(onReplaced: () => void): () => void {
    this.#onReplaced = onReplaced;
    const looking = setInterval(() => this.#look(), lookEveryMs).unref();
    return () => {
      this.#onReplaced = undefined;
      clearInterval(looking);
    };
  }

  #look(): void {
    const state = stateOf(this.file);
    if (state === this.#seen) return;
    try {
      const digest = this.#read();
      if (digest.equals(this.#digest)) return;
      this.#digest = digest;
      this.#onReplaced?.();
    } catch (error) {
      this.#seen = state;
      this.#onTrouble(
        `${error instanceof Error ? error.message : error} The log goes on asking for the one before.`,
      );
    }
  }

  #read(): Buffer {
    if (tokenIn(this.file) === undefined) makeTokenIn(this.file);
    // First: what changes from now on is read again.
    this.#seen = stateOf(this.file);
    const token = tokenIn(this.file);
    if (token === undefined) throw unusable(this.file, "it went as soon as it was made");
    return digestOf(token);
  }

  #is(token: string): boolean {
    return timingSafeEqual(digestOf(token), this.#digest);
  }
}

/**
 * `undefined` where there is no file, or an empty one, which a crash can leave.
 *
 * @throws LogError when others may read it, or what it holds is no token
 */
function tokenIn(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unusable(path, `it can't be read (${(error as NodeJS.ErrnoException).code})`, error);
  }
  try {
    if (process.platform !== "win32" && (fstatSync(file).mode & 0o077) !== 0)
      throw unusable(
        path,
        "others than its owner may read or write it: chmod 600, or delete it, and a new one is made",
      );
    const token = readFileSync(file, "utf8").trim();
    if (token === "") return undefined;
    if (!shape.test(token))
      throw unusable(
        path,
        "one has 32 to 1,000 letters, digits and signs of ASCII, without spaces: delete it, and a new one is made",
      );
    return token;
  } finally {
    closeSync(file);
  }
}

/** @throws LogError */
function makeTokenIn(path: string): void {
  const fresh = `${path}.new`;
  try {
    rmSync(fresh, { force: true });
    const file = openSync(fresh, "wx", 0o600);
    try {
      writeFileSync(file, `${randomBytes(32).toString("base64url")}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } catch (error) {
    throw unusable(path, `it can't be written (${(error as NodeJS.ErrnoException).code})`, error);
  }
}

function unusable(path: string, why: string, cause?: unknown): LogError {
  return new LogError("invalid", `The log's token in ${path} can't be used: ${why}.`, { cause });
}

function stateOf(path: string): string {
  try {
    const { ino, mtimeNs, ctimeNs, size } = statSync(path, { bigint: true });
    return [ino, mtimeNs, ctimeNs, size].join(" ");
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
