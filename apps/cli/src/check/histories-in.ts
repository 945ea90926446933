import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CommandFailure } from "../failure.ts";
import { readText } from "../input/read-text.ts";

/** The histories that `downbeat runs show <run id> --events --json` wrote into files of a folder, by their names. */
export async function historiesIn(
  folder: string,
): Promise<{ readonly name: string; readonly text: string }[]> {
  const names = await readdir(folder).catch(() => {
    throw new CommandFailure("usage", `--histories: ${folder} is no folder that can be read.`);
  });
  const histories = names.filter((name) => name.endsWith(".json")).sort();
  if (histories.length === 0)
    throw new CommandFailure(
      "usage",
      `--histories: there is no .json file in ${folder}. "downbeat runs show <run id> --events --json" writes one.`,
    );
  return Promise.all(
    histories.map(async (name) => ({
      name: name.slice(0, -5),
      text: await readText(join(folder, name)),
    })),
  );
}
