#!/usr/bin/env node
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18) || major === 23) {
  console.error(`Downbeat needs Node.js 22 (from 22.18) or 24; this is ${process.version}.`);
  process.exit(1);
}
// Node 22 warns that its SQLite is new, which whoever types a command can do nothing about.
const { emitWarning } = process;
process.emitWarning = (warning, ...rest) =>
  rest[0] === "ExperimentalWarning" ? undefined : emitWarning.call(process, warning, ...rest);
await import("../src/main.ts");
