import type { Context } from "../context.ts";
import type { Me } from "../views.ts";

export function getMe({ actor }: Context): Me {
  return { actor, source: "configured" };
}
