import { syncBuiltinESMExports } from "node:module";
import { giveChance } from "./chance.ts";
import { keepOutOfBounds } from "./out-of-bounds.ts";
import { giveTime } from "./time.ts";

let isSetUp = false;

/**
 * Once in a process: what the platform brings looks from now on who calls it, and is another for workflow code that is at work. Nothing else
 * in the language tells such code from the engine, the handlers and the libraries that share its process.
 */
export function setUpSurroundings(): void {
  if (isSetUp) return;
  isSetUp = true;
  giveTime();
  giveChance();
  keepOutOfBounds();
  // Names that were imported from Node's modules follow.
  syncBuiltinESMExports();
}
