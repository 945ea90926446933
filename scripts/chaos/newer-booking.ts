import { worker } from "@downbeat/sdk/worker";

/** A worker of the next build: the example's workflow with a change, under runs that the build before has begun. */
const hosting = worker({ build: "newer", workflows: new URL("./newer-book-trip.ts", import.meta.url) });
await hosting.ready;
process.on("disconnect", () => process.exit(0));
process.channel?.unref();
