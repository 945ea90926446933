import { globSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isListed, readEquivalents } from "./mutation/equivalents.ts";
import { type Mutant, readSources, sample } from "./mutation/mutants.ts";
import { percentOf, printStale, printSurvivors, printTable, scoreOf } from "./mutation/report.ts";
import { Results } from "./mutation/results.ts";
import { Rounds } from "./mutation/rounds.ts";
import { Workers } from "./mutation/workers.ts";

const packages = ["domain", "protocol", "engine", "sdk"];
const wanted = 95;

const help = `npm run mutation [-- options]

Puts one small fault after another into packages/{${packages.join(",")}} and runs the tests beside them that reach it. A fault that
no test notices is printed with its line. What is known of files that have not changed is kept in .cache/mutation, so that a
run goes on where it stopped. The exit status is 1 when less than ${wanted} % of the faults are noticed.

  --package <name>  only this package, or another one of packages/
  --file <part>     only source files with this in their path
  --sample <count>  only so many mutants, chosen by
  --seed <number>   this number (default 1)
  --longest-ms <n>  tests that take longer are left out (default 3000)
  --fresh           forgets what is known, of these files
  --report          runs nothing: prints what is known

What no test can notice, as nothing differs, is listed with its reason in scripts/mutation/equivalents.json.`;

const { values } = parseArgs({
  options: {
    package: { type: "string" },
    file: { type: "string" },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    "longest-ms": { type: "string", default: "3000" },
    fresh: { type: "boolean", default: false },
    report: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const root = join(import.meta.dirname, "..");
/** They compile the samples of the docs, which has nothing to do with what a mutant is. */
const leftOut = ["packages/sdk/test/docs.test.ts", "packages/sdk/src/types.test.ts"];

/** They play the engine as a whole, and can't stand beside it, as the simulation depends on it. */
const also: Readonly<Record<string, readonly string[]>> = {
  engine: ["bad-history", "bad-inbox", "compaction", "first-schedules"].map(
    (name) => `packages/testing/test/${name}.test.ts`,
  ),
};

if (values.help) console.log(help);
else process.exitCode = (await main()) ? 0 : 1;

async function main(): Promise<boolean> {
  let fine = true;
  for (const name of values.package === undefined ? packages : [values.package])
    fine = (await testPackage(name)) && fine;
  return fine;
}

async function testPackage(name: string): Promise<boolean> {
  const sources = readSources(root, name);
  if (sources.length === 0)
    throw new Error(`There is no package ${name} with source files in packages/${name}/src.`);
  const listed = readEquivalents(join(import.meta.dirname, "mutation", "equivalents.json"));
  const all = sources.flatMap(({ mutants }) => mutants);
  const mutants = choose(all);
  const forgets = (file: string) => values.fresh && file.includes(values.file ?? "");
  const results = new Results(join(root, ".cache", "mutation", `${name}.json`), sources, forgets);
  if (!values.report) await run(name, mutants, results);
  const score = scoreOf(mutants, results, listed);
  printSurvivors(score);
  printTable(mutants, results, listed);
  const stale = printStale(
    listed,
    all,
    sources.map(({ file }) => file),
  );
  if (score.untried > 0) console.log(`${score.untried} have not been tried: run it without --report.`);
  // Of a file in which nothing can be changed there is nothing to say.
  return (percentOf(score) ?? 100) >= wanted && score.untried === 0 && !stale;

  async function run(name: string, mutants: readonly Mutant[], results: Results): Promise<void> {
    const pending = mutants.filter((mutant) => results.of(mutant) !== "killed" && !isListed(mutant, listed));
    if (pending.length === 0) return;
    const testFiles = [...globSync(`packages/${name}/**/*.test.ts`, { cwd: root }), ...(also[name] ?? [])]
      .filter(
        (file) =>
          !file.endsWith(".pulsar.test.ts") && !file.includes("node_modules") && !leftOut.includes(file),
      )
      .sort();
    const startedAt = Date.now();
    await using workers = await Workers.start(root, sources);
    const rounds = new Rounds(
      workers,
      all.length,
      pending.map(({ id }) => id),
      Number(values["longest-ms"]),
      (message) => {
        save();
        console.log(
          `${elapsed()} ${name}: ${rounds.alive.size} of ${pending.length} mutants left${longest()}; ${message}`,
        );
      },
    );
    await rounds.run(testFiles);
    if (rounds.reached.size === 0)
      throw new Error(`No test reaches any mutant of ${name}: they are not compiled in.`);
    save();
    const seconds = (Date.now() - startedAt) / 1_000;
    console.log(
      `${elapsed()} ${name}: ${pending.length} mutants in ${seconds.toFixed(0)} s, ${((seconds * 1000) / pending.length).toFixed(0)} ms each`,
    );

    function save(): void {
      for (const mutant of pending) {
        if (!rounds.alive.has(mutant.id)) results.set(mutant, "killed");
        else results.set(mutant, rounds.reached.has(mutant.id) ? "survived" : "uncovered");
      }
      results.save();
    }

    function longest(): string {
      const ms = rounds.mostMsLeft(testFiles);
      return ms === undefined ? "" : `, ${Math.ceil(ms / 60_000)} min more at most`;
    }

    function elapsed(): string {
      const seconds = Math.floor((Date.now() - startedAt) / 1_000);
      return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
    }
  }
}

function choose(all: readonly Mutant[]): readonly Mutant[] {
  const { file } = values;
  const found = file === undefined ? all : all.filter((mutant) => mutant.file.includes(file));
  if (values.sample === undefined) return found;
  return sample(found, Number(values.sample), Number(values.seed));
}
