import { CommandFailure } from "../failure.ts";
import type { StartOptions } from "./start.ts";

export interface ChosenLog {
  readonly options: StartOptions;
  /** What the started processes inherit. */
  readonly env: NodeJS.ProcessEnv;
  /** What a person should read, as nothing that they typed says it. */
  readonly notice?: string;
}

const addressVariable = "DOWNBEAT_LOG_URL";

/**
 * Whether the embedded log is meant or a cluster's. A variable that was set for one's own services decides that too, and is easily forgotten: so it is said.
 *
 * @throws CommandFailure where both are asked for
 */
export function chosenLog(options: StartOptions, env: NodeJS.ProcessEnv): ChosenLog {
  const { embedded, pulsar, fromVariables = [] } = options;
  const isByVariable = fromVariables.includes("pulsar");
  if (embedded === true && pulsar !== undefined && !isByVariable)
    throw new CommandFailure("usage", "--embedded and --pulsar name two logs: give one of them.");
  if (embedded !== true && pulsar !== undefined) {
    if (!isByVariable) return { options, env };
    const notice = `${addressVariable} is set: this runs on the log at that address, and not on the embedded log. For the embedded log unset it, or add --embedded.`;
    return { options, env, notice };
  }
  const notice = env[addressVariable]
    ? { notice: `${addressVariable} is set, and not used: this runs on the embedded log.` }
    : {};
  return { options: withoutCluster(options, fromVariables), env: envWithoutCluster(env), ...notice };
}

function withoutCluster(options: StartOptions, fromVariables: readonly string[]): StartOptions {
  return { ...options, ...Object.fromEntries(fromVariables.map((name) => [name, undefined])) };
}

/** Processes of one embedded log that read another one's address would speak to two logs. */
function envWithoutCluster(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOfCluster = (name: string) => name === addressVariable || name.startsWith("DOWNBEAT_PULSAR_");
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOfCluster(name)));
}
