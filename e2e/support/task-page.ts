import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";

interface Effort {
  readonly clicks: number;
  readonly keys: number;
}

const path = join(import.meta.dirname, "../../docs/tasks.md");
const strokesCell = 5;

const cellsOf = (line: string): string[] => line.split("|").map((cell) => cell.trim());
const isTask = (cells: readonly string[]): boolean => /^\d+$/.test(cells[1] ?? "");
const lines = (): string[] => readFileSync(path, "utf8").split("\n");

/** Their names, in the order of `docs/tasks.md`. */
export function tasks(): string[] {
  return lines()
    .map(cellsOf)
    .filter(isTask)
    .map((cells) => cells[2] ?? "");
}

function rowOf(task: string): string[] {
  const row = lines()
    .map(cellsOf)
    .find((cells) => isTask(cells) && cells[2] === task);
  if (row === undefined) throw new Error(`docs/tasks.md knows no task ${JSON.stringify(task)}.`);
  return row;
}

/** What `docs/tasks.md` says that a task takes, by the task's name there. */
export function documentedEffort(task: string): Effort {
  const row = rowOf(task);
  return { clicks: Number(row[3]), keys: Number(row[4]) };
}

/** Without a mouse: what was counted is what `docs/tasks.md` says; with UPDATE_TASKS set, it says so from now on. */
export function noteStrokes(task: string, strokes: number): void {
  if (process.env.UPDATE_TASKS !== undefined) {
    const changed = lines().map((line) => {
      const cells = cellsOf(line);
      if (!isTask(cells) || cells[2] !== task) return line;
      return `| ${cells
        .slice(1, -1)
        .with(strokesCell - 1, String(strokes))
        .join(" | ")} |`;
    });
    writeFileSync(path, changed.join("\n"));
  }
  expect(strokes, `strokes for “${task}”`).toBe(Number(rowOf(task)[strokesCell]));
}
