import { placesIn } from "../definitions/definition-place.ts";

const frame = /^\s*at /;
const notAuthors = /[\\/]node_modules[\\/](?:@downbeat[\\/][^\\/]+|downbeat)[\\/]|\bnode:/;

/** Without what this library and Node did before the author's code was at work; whole where nothing else would be left. */
export function authorsStack(stack: string): string {
  const lines = stack.split("\n");
  const left = lines.filter((line) => !frame.test(line) || !notAuthors.test(line));
  return left.some((line) => frame.test(line)) ? left.join("\n") : stack;
}

/** Of the author's own code, the innermost; of a library's where there is no other. @param but a file that is none of theirs */
export function authorsPlace(
  stack: string | undefined,
  but?: string,
): { readonly file: string; readonly line: number } | undefined {
  const places = placesIn(authorsStack(stack ?? "")).filter(({ file }) => file !== but);
  return places.find(({ file }) => !file.includes("/node_modules/")) ?? places[0];
}
