const [major = 0] = process.versions.node.split(".").map(Number);
// Older ones lack what is called much later, and say so in words of their own.
if (major < 22) throw new Error(`Downbeat needs Node.js 22 (from 22.18) or 24; this is ${process.version}.`);
