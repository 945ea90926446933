import type { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { digestBytes, knownDigest } from "./known-digest.ts";

/** What is left without words that anybody knows. */
const leastOfOnesOwn = 8;
const shortestWord = 3;
/** Looking at more takes long, and what begins well is no worse for how it ends. */
const mostLookedAt = 32;
/** Of the estimator's scores: more than a hundred million guesses. */
const leastScore = 3;

const product = "downbeat";
const better = "A few words that don't belong together make a good one.";
const commonSentence = `This password, or one much like it, is among those that are tried first. ${better}`;
const namesSentence = `Apart from names that anybody knows (yours, this server's, Downbeat's), a password has at least ${leastOfOnesOwn} characters. ${better}`;

/**
 * Why somebody would guess it before long; `undefined` if nobody would.
 *
 * @param known what others know of whoever has it, and of this server: names, as they are written
 */
export async function guessableProblem(
  password: string,
  known: readonly (string | undefined)[],
): Promise<string | undefined> {
  // As it is hashed: in full width it is the same password.
  const plain = password.normalize("NFKC");
  const words = wordsOf([product, ...known]);
  if ([...withoutWords(plain, words)].length < leastOfOnesOwn) return namesSentence;
  const { estimator, digests } = await loaded();
  if (digests.has(knownDigest(password).toString("hex"))) return commonSentence;
  return estimator.check(plain, [...words]).score < leastScore ? commonSentence : undefined;
}

function wordsOf(names: readonly (string | undefined)[]): readonly string[] {
  const words = names.flatMap((name = "") => name.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  // Longer ones first: what is in another one is taken away with it.
  return [...new Set(words)]
    .filter((word) => [...word].length >= shortestWord)
    .sort((one, other) => other.length - one.length);
}

function withoutWords(password: string, words: readonly string[]): string {
  return words.reduce((rest, word) => rest.replaceAll(word, ""), password.toLowerCase());
}

interface Known {
  readonly estimator: ZxcvbnFactory;
  readonly digests: ReadonlySet<string>;
}

let loading: Promise<Known> | undefined;

/** Once, for who needs it: the words take some 30 MB. */
function loaded(): Promise<Known> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Known> {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }, { knownPasswords }] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
    import("./known-passwords.ts"),
  ]);
  const list = Buffer.from(knownPasswords, "base64");
  const digests = new Set<string>();
  for (let at = 0; at < list.length; at += digestBytes)
    digests.add(list.subarray(at, at + digestBytes).toString("hex"));
  const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: mostLookedAt });
  return { estimator, digests };
}
