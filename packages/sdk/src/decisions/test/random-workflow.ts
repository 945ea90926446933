import fc from "fast-check";
import { BusinessError } from "../../errors.ts";
import { job } from "../../job.ts";
import type { Run } from "../../run.ts";
import { workflow } from "../../workflow.ts";

export type Step =
  | { readonly do: "job"; readonly name: string; readonly undo: boolean }
  | { readonly do: "forgottenJob"; readonly name: string }
  | { readonly do: "sleep"; readonly ms: number }
  | { readonly do: "signal"; readonly name: string; readonly timeout: number | undefined }
  | { readonly do: "undo"; readonly name: string }
  | { readonly do: "label" | "value" | "throw" | "turn" | "bug" }
  | { readonly do: "all" | "race"; readonly branches: readonly Step[][] }
  | { readonly do: "try"; readonly steps: readonly Step[]; readonly otherwise: readonly Step[] };

/** Whether the code of the workflow below was repaired meanwhile. */
export const bugs = { fixed: false };

const name = fc.constantFrom("alpha", "beta", "gamma");

export const steps: fc.Arbitrary<Step[]> = fc.letrec<{ step: Step; steps: Step[] }>((tie) => ({
  steps: fc.array(tie("step"), { maxLength: 4 }),
  step: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ do: fc.constant("job"), name, undo: fc.boolean() }) as fc.Arbitrary<Step>,
    fc.record({ do: fc.constant("sleep"), ms: fc.nat(1_000) }) as fc.Arbitrary<Step>,
    fc.record({
      do: fc.constant("signal"),
      name,
      timeout: fc.option(fc.nat(1_000), { nil: undefined }),
    }) as fc.Arbitrary<Step>,
    fc.record({ do: fc.constant("undo"), name }) as fc.Arbitrary<Step>,
    fc.record({ do: fc.constant("forgottenJob"), name }) as fc.Arbitrary<Step>,
    fc.constantFrom<Step>({ do: "label" }, { do: "value" }, { do: "turn" }, { do: "throw" }, { do: "bug" }),
    fc.record({
      do: fc.constantFrom("all", "race"),
      branches: fc.array(tie("steps"), { minLength: 1, maxLength: 3 }),
    }) as fc.Arbitrary<Step>,
    fc.record({ do: fc.constant("try"), steps: tie("steps"), otherwise: tie("steps") }) as fc.Arbitrary<Step>,
  ),
})).steps;

async function perform(run: Run, all: readonly Step[]): Promise<void> {
  for (const step of all) await performOne(run, step);
}

async function performOne(run: Run, step: Step): Promise<void> {
  switch (step.do) {
    case "job": {
      const result = await run.job(job<number, { n: number }>(step.name), run.random());
      if (step.undo) run.compensate(job<{ n: number }>(`undo-${step.name}`), result);
      return;
    }
    case "forgottenJob":
      void run.job(job<number>(step.name), 1);
      return;
    case "sleep":
      return run.sleep(step.ms);
    case "signal":
      await (step.timeout === undefined
        ? run.signal(step.name)
        : run.signal(step.name, { timeout: step.timeout }));
      return;
    case "undo":
      return run.compensate(job<string>(`undo-${step.name}`), "x");
    case "label":
      return run.setLabels({ at: String(run.now().getTime()) });
    case "value":
      run.uuid();
      return;
    case "turn":
      for (let i = 0; i < 5; i++) await Promise.resolve();
      return;
    case "throw":
      throw new BusinessError("Thrown", "by the code");
    case "bug":
      if (!bugs.fixed) throw new TypeError("a bug");
      return;
    case "all":
      await Promise.all(step.branches.map((branch) => perform(run, branch)));
      return;
    case "race":
      await Promise.race(step.branches.map((branch) => perform(run, branch)));
      return;
    case "try":
      try {
        await perform(run, step.steps);
      } catch {
        await perform(run, step.otherwise);
      }
  }
}

/** Its input says what it does. */
export const anything = workflow("anything", (run, input: readonly Step[]) => perform(run, input));
