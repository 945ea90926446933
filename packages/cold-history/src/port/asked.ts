/** How a question is put: by whom, until when it matters, and who wants to see how it goes on. */
export interface Asked {
  /** The person's name. Questions of one person are answered one after another. */
  readonly who: string;
  /** Aborted when nobody waits for the answer any more: the query is cancelled where it runs. */
  readonly signal: AbortSignal;
  /** Called at most a few times a second, and not after the answer. Must not throw. */
  readonly onProgress?: ((progress: ColdProgress) => void) | undefined;
}

/**
 * - `waiting`: for other questions of the same person, or of everyone
 * - `planning`: accepted, nothing is read yet
 * - `reading`: the log is being read
 * - `finishing`: everything is read, the rest of the answer is on its way
 */
export type ColdState = "waiting" | "planning" | "reading" | "finishing";

export interface ColdProgress {
  readonly state: ColdState;
  /** 0 to 100; absent while it can't be known. A question may take more than one query, so it may begin again. */
  readonly percent?: number;
  /** Read from the log so far. */
  readonly rows: number;
  readonly bytes: number;
  readonly elapsedMs: number;
}
