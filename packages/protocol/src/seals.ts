import { createHash, createHmac, type KeyObject, timingSafeEqual } from "node:crypto";

/** What a server says, so that whoever has its keys knows that a server said it. */
export interface Seals {
  /** Whether there is a key that seals. */
  readonly canSeal: boolean;
  /** Over all of the value, in its namespace and for that use. @returns nothing where no key signs */
  seal(use: SealUse, value: object): string | undefined;
  isSealed(use: SealUse, value: object, seal: string | undefined): boolean;
}

/** A seal of one use is none of another. */
export type SealUse = "command" | "approval";

interface Keys {
  readonly secrets: ReadonlyMap<string, KeyObject>;
  readonly signingId: string | undefined;
}

/** @param namespace `tenant/namespace` */
export function sealsOf({ secrets, signingId }: Keys, namespace: string): Seals {
  const mac = (secret: KeyObject, use: SealUse, value: object): Buffer =>
    createHmac("sha256", secret)
      .update(JSON.stringify([`downbeat ${use} 1`, namespace, digestOf(value)]))
      .digest();
  return {
    canSeal: signingId !== undefined,
    seal(use, value) {
      const secret = signingId === undefined ? undefined : secrets.get(signingId);
      return secret && `${signingId}.${mac(secret, use, value).toString("base64url")}`;
    },
    isSealed(use, value, seal = "") {
      const [id = "", text = ""] = seal.split(".", 2);
      const secret = secrets.get(id);
      if (secret === undefined) return false;
      const given = Buffer.from(text, "base64url");
      const expected = mac(secret, use, value);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

/** SHA-256 of what a value says as JSON, in whatever order its fields stand: base64url. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("base64url");
}

/** Fields by name, and none that is undefined. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
