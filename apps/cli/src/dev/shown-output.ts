import { prettyFactory } from "pino-pretty";

const line = /^\{.*"msg":.*\}$/;
/** Told by what follows runs as well, with the address of the run's page. */
const isStuck = /"msg":"[^"]* is stuck\. /;
/** Told by what keeps the worker's process as well, with the file and line. */
const isUnready = /"msg":"The worker can't begin\."/;

/**
 * Shows what a process says, line by line: lines of a logger for people on a terminal, else as they are; everything else as it is.
 *
 * @returns takes what it writes, piece by piece
 */
export function shownOutput(say: (line: string) => void, isTerminal: boolean): (piece: string) => void {
  const pretty = prettyFactory({
    colorize: isTerminal,
    ignore: "pid,hostname",
    singleLine: true,
    translateTime: "HH:MM:ss.l",
  });
  let begun = "";
  return (piece) => {
    const lines = (begun + piece).split("\n");
    begun = lines.pop() ?? "";
    for (const each of lines) {
      if (line.test(each) && (isStuck.test(each) || isUnready.test(each))) continue;
      say(isTerminal && line.test(each) ? pretty(each).trimEnd() : each);
    }
  };
}
