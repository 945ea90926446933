import { pino } from "pino";
import { openOutput } from "../src/index.ts";

const output = openOutput();
const logger = pino({ name: "talker" }, output);

process.on("message", (question) => {
  if (question === "end") {
    logger.fatal("it ends");
    process.exit(7);
  }
  console.log("printed");
  process.stderr.write("printed\n");
  for (let line = 0; line < 20_000; line++)
    logger.info({ line }, "something that is worth a line of the log");
  // After what was printed has failed.
  setTimeout(() => process.send?.(output.dropped), 200);
});
process.send?.("ready");
