import type { JobContext } from "@downbeat/sdk/worker";
import { odd } from "./odd-values.ts";
import type { Act } from "./program.ts";

/** Does with an attempt what its input says. */
export async function act(input: { readonly act: Act }, context: JobContext): Promise<unknown> {
  const { how, value } = input.act;
  switch (how) {
    case "return":
      return odd(value);
    case "throw":
      throw odd(value);
    case "heartbeat":
      context.heartbeat(odd(value));
      return odd(value);
    case "failTwice":
      if (context.attempt < 3) throw odd(value);
      return "at last";
    case "hang":
      await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
      throw odd(value);
  }
}
