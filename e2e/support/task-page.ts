import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Effort {
  readonly clicks: number;
  readonly keys: number;
}

const page = readFileSync(join(import.meta.dirname, "../../docs/tasks.md"), "utf8");

const rows = page
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter((cells) => /^\d+$/.test(cells[1] ?? ""));

/** Their names, in the order of `docs/tasks.md`. */
export function tasks(): string[] {
  return rows.map((cells) => cells[2] ?? "");
}

/** What `docs/tasks.md` says that a task takes, by the task's name there. */
export function documentedEffort(task: string): Effort {
  const row = rows.find((cells) => cells[2] === task);
  if (row === undefined) throw new Error(`docs/tasks.md knows no task ${JSON.stringify(task)}.`);
  return { clicks: Number(row[3]), keys: Number(row[4]) };
}
