import { CommandFailure } from "../failure.ts";

/**
 * Not by an option's own check: Commander's message would show the token.
 *
 * @throws CommandFailure
 */
export function checkedToken(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new CommandFailure(
    "usage",
    "--token (or DOWNBEAT_PULSAR_TOKEN) holds no token: one has no spaces, no line breaks and ASCII letters only.",
  );
}
