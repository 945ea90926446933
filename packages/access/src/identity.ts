import { createHash } from "node:crypto";

/** Who somebody is, as whoever signed them in says. */
export interface Identity {
  /** Who says so: the address of a provider, or `local` for an account of this server's own file. */
  readonly issuer: string;
  /** What the issuer calls them, forever and nobody else. */
  readonly subject: string;
  /** What people call them. Whoever it is may be free to choose it: it proves nothing. */
  readonly name: string;
  /** Of the account, or where the provider is said to have them: never a claim that merely has that name. */
  readonly groups: readonly string[];
  /** What else the issuer says of them. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Of accounts in this server's own file. */
export const localIssuer = "local";

const longestSubject = 60;
/** With both of them at their longest, an actor has the 200 characters that history takes. */
const longestName = 40;

export const longestIssuer = 90;

/** `issuer|subject`: the same for one person always, and for no other. */
export function idOf({ issuer, subject }: Pick<Identity, "issuer" | "subject">): string {
  // An address can't hold the bar, and what comes after the first one is the subject's.
  const fits = subject.length <= longestSubject && isPlain(subject) && !subject.startsWith("sha256:");
  return `${issuer}|${fits ? subject : `sha256:${createHash("sha256").update(subject).digest("base64url")}`}`;
}

/** As {@link idOf}, of what somebody wrote: `local|ada`, or the id of a long subject as audit and pages show it. */
export function idOfPerson(written: string): string {
  const bar = written.indexOf("|");
  const subject = written.slice(bar + 1);
  return subject.startsWith("sha256:") ? written : idOf({ issuer: written.slice(0, bar), subject });
}

/** As history names them: `Ada Lovelace <local|ada>`. What is in angle brackets is theirs alone; the name can't hold any. */
export function actorOf(identity: Identity): string {
  const name = shownName(identity.name);
  const id = idOf(identity);
  return name === "" ? `<${id}>` : `${name} <${id}>`;
}

/** Without what would make a name look like somebody else's: brackets, controls, marks that turn the direction of text. */
export function shownName(name: string): string {
  const plain = name
    .toWellFormed()
    .replaceAll(/[<>|]/g, "")
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
  return plain.length <= longestName ? plain : `${cut(plain, longestName - 1)}…`;
}

/** Never within a character. */
function cut(text: string, units: number): string {
  return text
    .slice(0, units)
    .replace(/[\ud800-\udbff]$/, "")
    .trimEnd();
}

function isPlain(text: string): boolean {
  return !/[<>\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]/u.test(text) && text.isWellFormed();
}
