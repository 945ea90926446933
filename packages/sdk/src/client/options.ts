import type { Labels } from "@downbeat/domain";
import type { Clock } from "@downbeat/message-log";
import type { SaidLabels } from "../codec/payload-codec.ts";
import type { LogOptions } from "../connection/hang-on.ts";
import type { Duration } from "../duration.ts";
import type { OnProblem } from "../problem-listener.ts";
import type { RunEnd } from "./outcomes.ts";

export interface ClientOptions extends LogOptions {
  /** Who is shown as having started, signalled or cancelled. Default `client`. */
  readonly actor?: string;
  /**
   * Says how a run ended, if it has: asked for runs that may have ended before this client looked. The server's API knows. Without one, or where it doesn't
   * know, the run's partition of history is read from its beginning.
   */
  readonly lookup?: (runId: string) => Promise<RunEnd | undefined>;
  /** How long an answer from the engine is waited for, with all that it takes, reaching the log included. Default 30 seconds. */
  readonly answerWithin?: Duration;
  /** Hears what an operator should know. Default: it is logged. */
  readonly onProblem?: OnProblem;
  readonly clock?: Clock;
}

export interface StartOptions {
  /** Default: a new UUID. Your own, such as an order number, makes starting it again harmless. */
  readonly runId?: string;
  readonly labels?: Labels;
  /** What a run of the same id that exists already means: it is the one (`use`, the default), or an error. */
  readonly ifExists?: "use" | "fail";
  /** `sent`: don't wait for the engine's answer, only for the log's receipt. Default `accepted`. */
  readonly wait?: "accepted" | "sent";
}

export interface RunOptions {
  /** `null` says that the run was started without a label of that name. */
  readonly labels?: SaidLabels | undefined;
}
