import { logAddressVariables } from "@downbeat/protocol";
import { z } from "zod";

const environment = z.object(logAddressVariables);

/**
 * Where the log is, as `dev` tells the process that hosts the jobs.
 *
 * @throws Error that names each variable that can't be taken, and why
 */
export function hostEnv(): z.output<typeof environment> {
  const parsed = environment.safeParse(process.env);
  if (!parsed.success) throw new Error(`The environment can't be taken.\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
