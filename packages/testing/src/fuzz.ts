import { parseArgs } from "node:util";
import { codeHomes } from "./fuzz/code-home.ts";
import { alone, fuzz, shrunk, single } from "./fuzz/fuzz.ts";
import { programOf } from "./fuzz/programs.ts";

/** `npm run fuzz -- --count 10000 --seed 7`: odd workflow code, options, values and calls beside control runs, and what they hurt. */

const help = `Usage: npm run fuzz -- [--count N] [--seed N] [--from N] [--program N] [--width N] [--code HOME]

  --count     so many programs (300)
  --seed      of the series (random)
  --from      number of the first one (0)
  --program   only the program of this number, alone, with what it does
  --width     so many at once (25)
  --code      where it runs: engine, threads or workers (engine); in the last two some programs never end, exit or take all memory`;

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "300" },
    seed: { type: "string" },
    from: { type: "string", default: "0" },
    program: { type: "string" },
    width: { type: "string", default: "25" },
    code: { type: "string", default: "engine" },
    help: { type: "boolean" },
  },
});
if (values.help === true) {
  console.log(help);
  process.exit(0);
}
const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
const home = codeHomes.find((one) => one === values.code);
if (home === undefined) {
  console.error(`--code is one of ${codeHomes.join(", ")}.`);
  process.exit(2);
}
const say = (line: string): void => console.log(line);

if (values.program !== undefined) {
  const program = programOf(seed, Number(values.program), home);
  say(JSON.stringify(program, undefined, 2));
  const findings = await alone(home, program);
  for (const { kind, what } of findings) say(`${kind}: ${what}`);
  say(`${findings.length} findings`);
  process.exit(findings.length > 0 ? 1 : 0);
}

const count = Number(values.count);
say(`seed ${seed}, ${count} programs`);
const { culprits, tally } = await fuzz({
  home,
  seed,
  from: Number(values.from),
  count,
  width: Number(values.width),
  say,
});
for (const { numbers } of culprits.slice(0, 5)) {
  const number = await single(home, seed, numbers);
  if (number === undefined) {
    say(`programs ${numbers[0]} to ${numbers.at(-1)}: none of them does it alone`);
    continue;
  }
  say(`program ${number}, shortened:\n${JSON.stringify(await shrunk(home, seed, number, 60_000))}`);
  say(`again: npm run fuzz -- --code ${home} --seed ${seed} --program ${number}`);
}
const came = Object.entries(tally).map(([shown, runs]) => `${runs} ${shown}`);
say(`before they were ended: ${came.join(", ")}`);
say(`${count} programs, ${culprits.length} batches with findings, seed ${seed}`);
process.exit(culprits.length > 0 ? 1 : 0);
