import { z } from "zod";
import { CommandFailure } from "../failure.ts";
import type { StartOptions } from "./start.ts";

const variable = "DOWNBEAT_NO_LOG_TOKEN";
const yesOrNo = z.stringbool();

/**
 * Whether the embedded log asks for its token.
 *
 * @throws CommandFailure where a cluster is meant, or the variable says neither yes nor no
 */
export function asksForToken({ logToken, pulsar }: StartOptions, env: NodeJS.ProcessEnv): boolean {
  if (pulsar !== undefined) {
    if (logToken === false)
      throw new CommandFailure(
        "usage",
        "--no-log-token is for the embedded log: what a cluster asks for is a matter of its configuration.",
      );
    return false;
  }
  if (logToken === false) return false;
  const said = env[variable];
  if (said === undefined || said === "") return true;
  const parsed = yesOrNo.safeParse(said);
  if (!parsed.success)
    throw new CommandFailure("usage", `${variable} can't be ${JSON.stringify(said)}: true or false.`);
  return !parsed.data;
}
