import { hostname } from "node:os";
import {
  keepClosedVariables,
  logAddressVariables,
  recordKeysVariables,
  secondPersonText,
} from "@downbeat/protocol";
import { z } from "zod";

const environment = z.object({
  ...logAddressVariables,
  /** Where the log is. Not set: this process keeps the embedded log and serves it to the others. */
  DOWNBEAT_LOG_URL: logAddressVariables.DOWNBEAT_LOG_URL.optional(),
  DOWNBEAT_LOG_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  DOWNBEAT_DATA_DIR: z.string().min(1).default(".downbeat"),
  DOWNBEAT_PARTITIONS: z.coerce.number().int().min(1).max(256).default(4),
  /** Module that exports `workflows`. */
  DOWNBEAT_WORKFLOWS: z.string().min(1).optional(),
  /**
   * `workers`: the code of runs that start here is asked of workers, those of `DOWNBEAT_WORKFLOWS` too: these are for runs that began in an engine. What no engine
   * hosts is asked of workers in any case.
   */
  DOWNBEAT_CODE_IN: z.enum(["engine", "workers"]).default("engine"),
  /** Threads in which their code runs, apart from the engine; 0: in the engine's own, without limits. */
  DOWNBEAT_WORKFLOW_THREADS: z.coerce.number().int().min(0).max(64).default(1),
  DOWNBEAT_ENGINE_NAME: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,100}$/, "letters, digits, _, . and -, at most 100")
    .default(`${hostname().replaceAll(/[^A-Za-z0-9_.-]/g, "-")}-${process.pid}`),
  /** `log`: only serve the embedded log; `all`: run the engine too. */
  DOWNBEAT_ROLE: z.enum(["all", "log"]).default("all"),
  DOWNBEAT_ENGINE_PORT: z.coerce.number().int().min(0).max(65_535).default(8090),
  /** For the first start in a region that takes over: attempts without an answer are handed to workers again. */
  DOWNBEAT_HAND_OVER_AGAIN: z.stringbool("true or false").default(false),
  /** Opens an embedded log although what was stored last is missing. */
  DOWNBEAT_ACCEPT_LOSS: z.stringbool("true or false").default(false),
  /** The embedded log answers whoever reaches it, and not only who shows its token. */
  DOWNBEAT_NO_LOG_TOKEN: z.stringbool("true or false").default(false),
  /** How long closed runs are kept in the embedded log, and then their ids. Not set: forever. On a cluster it is for the retention of its topics. */
  ...keepClosedVariables,
  /** File of the keys by which records are signed and checked. */
  ...recordKeysVariables,
  /** What nobody may do alone, as the access file says it to servers: `terminate`, `complete`, `bulk`, with commas between. */
  DOWNBEAT_SECOND_PERSON: secondPersonText.optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

export type Env = z.output<typeof environment>;

/** @throws Error that names each variable that can't be taken, and why */
export function readEnv(variables: NodeJS.ProcessEnv = process.env): Env {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(given);
  if (!parsed.success) throw new Error(`The environment can't be taken.\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
