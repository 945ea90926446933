import { LogError, type LogErrorCode } from "@downbeat/message-log";

export interface SetUpOptions {
  readonly url: string;
  /** `tenant/namespace` */
  readonly namespace: string;
  /** Makes what is missing. @returns the number of partitions */
  readonly prepare: () => Promise<number>;
  /** Told each time that it has to wait, in a sentence. */
  readonly onWaiting: (sentence: string, waitMs: number) => void;
  readonly pause: (ms: number) => Promise<unknown>;
}

const firstWaitMs = 500;
const longestWaitMs = 10_000;

/**
 * Has what is missing made, and waits for a log that can't be used yet, for whatever reason that a person can mend.
 *
 * @returns the number of partitions
 * @throws Error when waiting can't help, such as when the topics are there and differ
 */
export async function setUp(options: SetUpOptions): Promise<number> {
  for (let wait = firstWaitMs; ; wait = Math.min(wait * 2, longestWaitMs)) {
    try {
      return await options.prepare();
    } catch (error) {
      const sentence = error instanceof LogError ? whatToMend(error.code, options) : undefined;
      if (sentence === undefined) throw error;
      options.onWaiting(`${sentence} ${(error as LogError).message}`, wait);
      await options.pause(wait);
    }
  }
}

function whatToMend(
  code: LogErrorCode,
  { url, namespace }: Pick<SetUpOptions, "url" | "namespace">,
): string | undefined {
  switch (code) {
    case "unavailable":
      return `The log at ${url} can't be reached: is the address right, and is it running?`;
    case "unauthorized":
      return `The log at ${url} doesn't let this process in.`;
    case "missing":
      return `There is no namespace ${namespace} at ${url}: is the address right? If so, make it (npx downbeat setup), or give another with DOWNBEAT_TENANT and DOWNBEAT_NAMESPACE.`;
    default:
      return undefined;
  }
}
