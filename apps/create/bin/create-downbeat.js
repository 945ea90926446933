#!/usr/bin/env node
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18) || major === 23) {
  console.error(`Downbeat needs Node.js 22 (from 22.18) or 24; this is ${process.version}.`);
  process.exit(1);
}
await import("../src/main.ts");
