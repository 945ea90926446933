import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { z } from "zod";

/** OWASP's second choice of parameters for scrypt: as hard as its first, in 32 MB instead of 128. */
const usual = { cost: 32_768, block: 8, parallel: 3 } as const;
const saltBytes = 16;
const hashBytes = 32;

const shortestPassword = 12;
/** More would only make this process work. */
export const longestPassword = 256;

const pattern = /^scrypt\$N=(\d{1,7}),r=(\d{1,2}),p=(\d{1,2})\$([-\w]{16,})\$([-\w]{16,})$/;

/** `scrypt$N=…,r=…,p=…$<salt>$<hash>`: what it was made with stays with it, so that stronger parameters can come later. */
export const passwordHash = z.string().refine((text) => {
  const [, cost, block, parallel] = pattern.exec(text) ?? [];
  const isPower = Number.isInteger(Math.log2(Number(cost)));
  return (
    isPower &&
    Number(cost) >= 2 &&
    Number(cost) * Number(block) * Number(parallel) <= 2 ** 23 &&
    Number(block) > 0 &&
    Number(parallel) > 0
  );
}, "no hash of a password as downbeat users makes it");

/** Why it can't be one; `undefined` if it can. */
export function passwordProblem(password: string): string | undefined {
  const plain = password.normalize("NFKC");
  const length = [...plain].length;
  if (length < shortestPassword)
    return `A password has at least ${shortestPassword} characters; a few words make a good one.`;
  if (password.length > longestPassword) return `A password has at most ${longestPassword} characters.`;
  return new Set(plain).size < 5 ? "A password has at least 5 different characters." : undefined;
}

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const { cost, block, parallel } = usual;
  const hash = await derive(password, salt, hashBytes, usual);
  return `scrypt$N=${cost},r=${block},p=${parallel}$${salt.toString("base64url")}$${hash.toString("base64url")}`;
}

/** @param stored as `passwordHash` takes it; without one the same work is done for nothing, so that the time tells nobody whether there is an account */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, cost, block, parallel, salt = "", hash = ""] = pattern.exec(stored ?? nobodys) ?? [];
  const wanted = Buffer.from(hash, "base64url");
  const parameters = { cost: Number(cost), block: Number(block), parallel: Number(parallel) };
  const given = await derive(password, Buffer.from(salt, "base64url"), wanted.length, parameters);
  return timingSafeEqual(given, wanted) && stored !== undefined;
}

const nobodys = `scrypt$N=${usual.cost},r=${usual.block},p=${usual.parallel}$${"A".repeat(22)}$${"A".repeat(43)}`;

interface Parameters {
  readonly cost: number;
  readonly block: number;
  readonly parallel: number;
}

function derive(
  password: string,
  salt: Buffer,
  bytes: number,
  { cost, block, parallel }: Parameters,
): Promise<Buffer> {
  const options: ScryptOptions = {
    cost,
    blockSize: block,
    parallelization: parallel,
    maxmem: 128 * block * (cost + parallel + 2) + 1_000_000,
  };
  // The same letters, however a keyboard makes them.
  const text = password.normalize("NFKC");
  return new Promise((resolve, reject) => {
    scrypt(text, salt, bytes, options, (error, hash) => (error === null ? resolve(hash) : reject(error)));
  });
}
