import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { CommandFailure } from "../failure.ts";

/** Modules of whoever runs the command: what the engine runs, and what a worker does for it. */
export interface OwnCode {
  /** Exports `workflows`, an array. */
  readonly workflows?: string;
  /** Exports `jobs`: handlers by name, or an array of what `handle()` gives. */
  readonly jobs?: string;
}

const endings = ["ts", "mts", "js", "mjs"];

/**
 * The modules that were named; of those that were not, the ones at their usual places.
 *
 * @throws CommandFailure for one that isn't there
 */
export function ownCode(named: OwnCode, folder: string): OwnCode {
  const usual = (option: "workflows" | "jobs") => {
    const path = endings.map((ending) => join(folder, "src", `${option}.${ending}`)).find(existsSync);
    return path === undefined ? {} : { [option]: path };
  };
  return { ...usual("workflows"), ...usual("jobs"), ...namedCode(named, folder) };
}

/**
 * The modules that were named, and no others.
 *
 * @throws CommandFailure for one that isn't there
 */
export function namedCode(named: OwnCode, folder: string): OwnCode {
  const found = (option: "workflows" | "jobs") => {
    const path = named[option];
    if (path === undefined) return {};
    const whole = resolve(folder, path);
    if (!existsSync(whole)) throw new CommandFailure("usage", `--${option}: there is no file ${whole}.`);
    return { [option]: whole };
  };
  return { ...found("workflows"), ...found("jobs") };
}
