import { z } from "zod";
import { CommandFailure } from "../failure.ts";
import type { Way } from "./at-provider.ts";

const way = z.object({
  issuer: z.url({ protocol: /^https?$/ }).max(500),
  name: z.string().min(1).max(200),
  clientId: z.string().min(1).max(500),
  scope: z.string().min(1).max(1_000),
  sends: z.enum(["accessToken", "idToken"]),
});

const withinMs = 10_000;
const longestSentence = 300;

/**
 * How people sign in at this server from a command line.
 *
 * @throws CommandFailure
 */
export async function wayOfServer(server: string): Promise<Way & { readonly name: string }> {
  const response = await fetch(new URL("/signin/device", server), {
    redirect: "manual",
    signal: AbortSignal.timeout(withinMs),
  }).catch((cause: unknown) => {
    const why = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause : cause).message : "";
    throw new CommandFailure("unreachable", `No Downbeat server answers at ${server}: ${why}.`);
  });
  const body = await response.text().catch(() => "");
  if (!response.ok) {
    const isPlain = response.headers.get("content-type")?.startsWith("text/plain") === true;
    throw new CommandFailure(
      "usage",
      isPlain
        ? body.trim().slice(0, longestSentence)
        : `Nobody can sign in at ${server} from the command line (HTTP ${response.status}).`,
    );
  }
  const parsed = way.safeParse(jsonOf(body));
  if (parsed.success) return parsed.data;
  throw new CommandFailure("usage", `What answers at ${server} is no Downbeat server, or another version.`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
