import { randomBytes } from "node:crypto";
import { type Identity, nameOfSession } from "@downbeat/access";
import { EncryptJWT, errors, jwtDecrypt } from "jose";
import { z } from "zod";
import type { EndedSessions } from "./ended-sessions.ts";
import type { Errand } from "./provider.ts";

export interface Session {
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  /** Of whoever a provider vouched for; accounts are looked up. */
  readonly vouched?: Pick<Identity, "name" | "groups" | "claims"> | undefined;
  /** ms since 1970: when its owner signed in. */
  readonly since: number;
  /** ms since 1970: when its seal was made. */
  readonly sealed: number;
}

interface Parts {
  readonly key: Uint8Array;
  readonly ended: EndedSessions;
  readonly idleMs: number;
  readonly longestMs: number;
  /** ms since 1970 */
  readonly now: () => number;
}

const sealedPart = z.object({
  sid: z.string().min(1),
  iss: z.string().min(1),
  sub: z.string().min(1),
  vouched: z
    .object({ name: z.string(), groups: z.array(z.string()), claims: z.record(z.string(), z.unknown()) })
    .optional(),
  since: z.number().int(),
  sealed: z.number().int(),
});

const audience = "downbeat session";
const algorithms = { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: ["A256GCM"] };

const errandPart = z.object({
  errand: z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), to: z.string() }),
});
const errandAudience = "downbeat errand";
/** To sign in at a provider, a second factor and all. */
export const errandMs = 15 * 60_000;
/** A seal is made again after so long, so that the one in a browser is never much older than what its owner did last. */
const renewAfterMs = 60_000;
const mostRemembered = 100_000;

/** Who is signed in. A session travels in its owner's browser, sealed: nobody can read it, make one or change one; that it has ended is known here. */
export class Sessions {
  readonly #parts: Parts;
  /** When something was last heard of each, ms since 1970: several tabs may carry seals of different age. */
  readonly #heard = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  begin({ issuer, subject, vouched }: Pick<Session, "issuer" | "subject" | "vouched">): Session {
    const now = this.#parts.now();
    return {
      id: randomBytes(18).toString("base64url"),
      issuer,
      subject,
      ...(vouched !== undefined && { vouched }),
      since: now,
      sealed: now,
    };
  }

  seal({ id, issuer, subject, vouched, since, sealed }: Session): Promise<string> {
    return new EncryptJWT({ sid: id, since, sealed, ...(vouched !== undefined && { vouched }) })
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .setIssuer(issuer)
      .setSubject(subject)
      .setAudience(audience)
      .encrypt(this.#parts.key);
  }

  /** What was sealed here and has not ended; it counts as heard of. */
  async open(seal: string): Promise<Session | undefined> {
    const session = await this.#unsealed(seal);
    if (session === undefined || !this.isAlive(session)) return undefined;
    this.#hear(session.id);
    return session;
  }

  /** What somebody carries while they are at the provider. */
  sealErrand(errand: Errand): Promise<string> {
    const until = Math.floor((this.#parts.now() + errandMs) / 1_000);
    return new EncryptJWT({ errand })
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .setAudience(errandAudience)
      .setExpirationTime(until)
      .encrypt(this.#parts.key);
  }

  async openErrand(seal: string): Promise<Errand | undefined> {
    try {
      const currentDate = new Date(this.#parts.now());
      const { payload } = await jwtDecrypt(seal, this.#parts.key, {
        ...algorithms,
        audience: errandAudience,
        currentDate,
      });
      return errandPart.parse(payload).errand;
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof z.ZodError) return undefined;
      throw error;
    }
  }

  isAlive({ id, since, sealed }: Session): boolean {
    const { ended, idleMs, longestMs, now } = this.#parts;
    const heard = Math.max(sealed, this.#heard.get(id) ?? 0);
    const isEnded = ended.has(id) || ended.has(nameOfSession(id));
    return !isEnded && now() - since < longestMs && now() - heard < idleMs;
  }

  /** The same with a new seal, where the one it has is of some age. */
  renewed(session: Session): Session | undefined {
    const now = this.#parts.now();
    return now - session.sealed < renewAfterMs ? undefined : { ...session, sealed: now };
  }

  /** For good, whatever seals of it there are. */
  end({ id, since }: Session): void {
    this.#parts.ended.add(id, since + this.#parts.longestMs);
    this.#heard.delete(id);
  }

  /** The same, by what it is called before others. */
  endNamed(name: string, until: number): void {
    this.#parts.ended.add(name, until);
  }

  async #unsealed(seal: string): Promise<Session | undefined> {
    try {
      const { payload } = await jwtDecrypt(seal, this.#parts.key, { ...algorithms, audience });
      const { sid: id, iss: issuer, sub: subject, vouched, since, sealed } = sealedPart.parse(payload);
      return { id, issuer, subject, ...(vouched !== undefined && { vouched }), since, sealed };
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof z.ZodError) return undefined;
      throw error;
    }
  }

  #hear(id: string): void {
    this.#heard.delete(id);
    this.#heard.set(id, this.#parts.now());
    for (const oldest of this.#heard.keys()) {
      if (this.#heard.size <= mostRemembered) break;
      this.#heard.delete(oldest);
    }
  }
}
