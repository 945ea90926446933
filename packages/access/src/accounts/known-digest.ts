import { createHash } from "node:crypto";

/** Of so few bytes that the list is small, and so many that one in a hundred million others is taken for one of it. */
export const digestBytes = 5;

/** What a password is found in the list by, however its letters were typed. */
export function knownDigest(password: string): Buffer {
  const text = password.normalize("NFKC").toLowerCase();
  return createHash("sha256").update(text).digest().subarray(0, digestBytes);
}
