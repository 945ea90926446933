import * as errors from "../../errors.ts";
import { CodeLog } from "../../logging/code-log.ts";
import { PayloadError } from "../../payload.ts";
import { FollowedPromise } from "../followed-promise.ts";
import { JobPromise } from "../job-promise.ts";
import { RunContext } from "../run-context.ts";
import { NotReproducibleError } from "../surroundings/not-reproducible.ts";
import { TimerPromise } from "../timer-promise.ts";

/** Of what the code of a run is given, by the SDK and by Node: it can come to what all runs share from each of them. */
export const sharedClasses: readonly (abstract new (...args: never[]) => object)[] = [
  RunContext,
  CodeLog,
  FollowedPromise,
  TimerPromise,
  JobPromise,
  PayloadError,
  NotReproducibleError,
  ...Object.values(errors),
  TextEncoder,
  TextDecoder,
  URL,
  URLSearchParams,
  Crypto,
];
