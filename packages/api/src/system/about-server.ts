/** What a server knows of itself. Nothing secret. */
export interface AboutServer {
  readonly version: string;
  /** Of Node.js. */
  readonly node: string;
  readonly host: string;
  /** ms since the epoch */
  readonly startedAt: number;
  /** Address of the log, without what is used to sign in. */
  readonly log: string;
  /** As they are in effect: name of the variable, and what it is in words. */
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  /** Of the directory in which the read model is; rejects where the system doesn't say. */
  disk(): Promise<DiskUse>;
}

/** Bytes. */
export interface DiskUse {
  readonly used: number;
  readonly free: number;
  readonly total: number;
}

/** Of the address alone: user and password are nobody's to see. */
export function shownAddress(url: string): string {
  try {
    const shown = new URL(url);
    shown.username = "";
    shown.password = "";
    shown.search = "";
    return shown.href.replace(/\/$/, "");
  } catch {
    return "an address that can't be read";
  }
}
