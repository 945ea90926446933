#!/usr/bin/env node
const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  console.error(
    `Downbeat needs Node.js 24 or later; this is ${process.version}. Run it as "npx downbeat", which brings its own.`,
  );
  process.exit(1);
}
await import("../src/main.ts");
