import { StringDecoder } from "node:string_decoder";
import { guessableProblem, passwordProblem } from "@downbeat/access";
import { CommandFailure } from "../failure.ts";
import { readText } from "../input/read-text.ts";
import { printNote, printQuestion } from "../output/print.ts";

/**
 * A new password, typed twice without being shown; or, where nobody types, the first line of standard input. Never from the command line, which every
 * process of the machine can read.
 *
 * @param known what others know of whoever it is for
 * @throws CommandFailure when it can't be one
 */
export async function askPassword(question: string, known: readonly (string | undefined)[]): Promise<string> {
  if (!process.stdin.isTTY) {
    const [line = ""] = (await readText("-")).split(/\r?\n/, 1);
    return checked(line, known);
  }
  const password = await checked(await typed(`${question}:`), known);
  if ((await typed("Once more:")) !== password)
    throw new CommandFailure("usage", "The two are not the same. Nothing was changed.");
  return password;
}

async function checked(password: string, known: readonly (string | undefined)[]): Promise<string> {
  const problem = passwordProblem(password) ?? (await guessableProblem(password, known));
  if (problem !== undefined) throw new CommandFailure("usage", problem);
  return password;
}

const enter = /[\r\n\u0004]/;

function typed(question: string): Promise<string> {
  const { stdin } = process;
  printQuestion(question);
  stdin.setRawMode(true);
  stdin.resume();
  const decoder = new StringDecoder("utf8");
  let text = "";
  return new Promise((resolve, reject) => {
    const done = (end: () => void): void => {
      stdin.off("data", onData);
      stdin.setRawMode(false);
      stdin.pause();
      // What was typed did not end the line.
      printNote("");
      end();
    };
    const onData = (chunk: Buffer): void => {
      for (const letter of decoder.write(chunk)) {
        if (letter === "\u0003")
          return done(() => reject(new CommandFailure("failed", "Nothing was changed.")));
        if (enter.test(letter)) return done(() => resolve(text));
        if (letter === "\u007f" || letter === "\b") text = [...text].slice(0, -1).join("");
        else text += letter;
      }
    };
    stdin.on("data", onData);
  });
}
