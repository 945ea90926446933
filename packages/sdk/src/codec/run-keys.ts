import { encryptedOf, encryptedPayload, type Payload } from "@downbeat/domain";

/** Of ids and of what stands for their keys, about 100 characters each. */
const mostChars = 4_000_000;

/** By which key each run's input is encrypted; those asked of longest ago are forgotten first. */
export class RunKeys {
  readonly #likes = new Map<string, Payload>();
  #chars = 0;

  /** How many characters it holds. */
  get chars(): number {
    return this.#chars;
  }

  learn(runId: string, input: Payload): void {
    this.forget(runId);
    this.#add(runId, likeOf(input));
    for (const oldest of this.#likes.keys()) {
      if (this.#chars <= mostChars) break;
      this.forget(oldest);
    }
  }

  /** A payload of the same key, without what is in it; `undefined` for a run that isn't known. */
  likeOf(runId: string): Payload | undefined {
    const like = this.#likes.get(runId);
    if (like === undefined) return undefined;
    this.forget(runId);
    this.#add(runId, like);
    return like;
  }

  forget(runId: string): void {
    const like = this.#likes.get(runId);
    if (like === undefined) return;
    this.#likes.delete(runId);
    this.#chars -= runId.length + like.length;
  }

  #add(runId: string, like: Payload): void {
    this.#likes.set(runId, like);
    this.#chars += runId.length + like.length;
  }
}

function likeOf(input: Payload): Payload {
  const encrypted = encryptedOf(input);
  if (encrypted === undefined) return "null";
  const { v, alg, key } = encrypted;
  return encryptedPayload({ v, alg, key, nonce: "", data: "" });
}
