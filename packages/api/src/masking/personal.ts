import type { Catalogue, JsonSchema } from "@downbeat/protocol";
import type { MaskRule, PayloadOf } from "./mask-rules.ts";
import { personalPaths } from "./personal-paths.ts";

/** What authors declare as personal, of every definition that the log knows: a run of an older one has values where that had them. */
export function personalRules(catalogue: Pick<Catalogue, "everyDefinition">): readonly MaskRule[] {
  const { workflows, jobTypes } = catalogue.everyDefinition();
  return [
    ...workflows.flatMap(({ workflow, input, output, signals = {} }) => {
      const rule = (of: PayloadOf, schema: JsonSchema | undefined): MaskRule[] =>
        schema === undefined ? [] : [{ workflow, of, paths: personalPaths(schema) }];
      return [
        ...rule({ of: "input" }, input),
        ...rule({ of: "output" }, output),
        ...Object.entries(signals).flatMap(([name, schema]) => rule({ of: "signal", name }, schema)),
      ];
    }),
    ...jobTypes.flatMap(({ jobType, input, output }): MaskRule[] => [
      ...(input === undefined ? [] : [{ jobType, of: "input" as const, paths: personalPaths(input) }]),
      ...(output === undefined ? [] : [{ jobType, of: "output" as const, paths: personalPaths(output) }]),
    ]),
  ].filter(({ paths }) => paths.length > 0);
}
