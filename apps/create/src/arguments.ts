import { parseArgs } from "node:util";

export const help = `npm create downbeat@latest <folder> [-- --javascript]

Writes a small project with a workflow of three jobs, a test and a script that starts it.

  --javascript   plain JavaScript instead of TypeScript
  --help         this
`;

/** What was typed can't be taken. The message says why. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface Asked {
  readonly folder: string;
  readonly language: "typescript" | "javascript";
}

/**
 * @returns nothing when help is asked for
 * @throws UsageError
 */
export function parseArguments(args: readonly string[]): Asked | undefined {
  const { values, positionals } = parsed(args);
  if (values.help === true) return undefined;
  const [folder, ...more] = positionals;
  if (folder === undefined || folder.trim() === "")
    throw new UsageError("Name the folder that the project goes into: npm create downbeat@latest my-app");
  if (more.length > 0) throw new UsageError(`One folder is enough; ${more.join(" and ")} is too much.`);
  return { folder, language: values.javascript === true ? "javascript" : "typescript" };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { javascript: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message} See --help.`);
  }
}
