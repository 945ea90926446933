import { parseArgs } from "node:util";
import type { OwnCode } from "./own-code.ts";

/** As the processes of `dev` are told which modules there are. */
export function ownCodeArgs({ workflows, jobs }: OwnCode): readonly string[] {
  return [
    ...(workflows === undefined ? [] : ["--workflows", workflows]),
    ...(jobs === undefined ? [] : ["--jobs", jobs]),
  ];
}

export function parseOwnCode(args: readonly string[]): OwnCode {
  const options = { workflows: { type: "string" }, jobs: { type: "string" } } as const;
  const { workflows, jobs } = parseArgs({ args: [...args], options }).values;
  return { ...(workflows !== undefined && { workflows }), ...(jobs !== undefined && { jobs }) };
}
