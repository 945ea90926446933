import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type AccessFile,
  type Account,
  AccountBook,
  changesOf,
  EndedPeople,
  idOf,
  localIssuer,
  type Seen,
  type SeenChange,
  seenAccount,
  seenEnd,
  seenList,
  seenToken,
  type Token,
  TokenBook,
} from "@downbeat/access";
import { changeList, isOpenToOthers, patiently } from "@downbeat/protocol";
import type { Logger } from "pino";

interface Parts {
  readonly access: AccessFile;
  /** Where it is kept what was seen of them. */
  readonly directory: string;
  readonly logger: Logger;
}

interface Told {
  /** Whether everything that is told now can be written. */
  readonly canTell: boolean;
  changedOutside(change: SeenChange): void;
}

interface Expected {
  readonly added?: Token;
  readonly withdrawn?: Token;
  /** As it will be. */
  readonly changed?: Account;
}

const lookEveryMs = 1_000;

/** Accounts, tokens and whose sessions were ended, in their files, and what others change there. */
export class KeptFiles {
  readonly accounts: AccountBook | undefined;
  readonly tokens: TokenBook;
  /** Whose sessions were ended, all at once. */
  readonly ended: EndedPeople;
  readonly #seenFile: string;
  readonly #logger: Logger;
  /** What was taken in of them. */
  #settled = "";
  /** What stood there at the last look: what is half changed is looked at once more. */
  #pending = "";
  #troubledBy = "";

  /** @throws Error with a sentence that says what to do */
  constructor({ access, directory, logger }: Parts) {
    this.#logger = logger;
    this.#seenFile = join(directory, "seen.json");
    const { accountsFile, tokensFile, provider } = access;
    for (const file of [join(directory, "key"), accountsFile, tokensFile, provider?.clientSecretFile])
      if (file !== undefined && isOpenToOthers(file))
        logger.warn({ file }, "others than its owner may read a file with what is secret in it: chmod 600");
    const now = () => performance.now();
    const onTrouble = (err: Error) =>
      logger.error({ err }, "a changed file can't be used; what stood there before still counts");
    this.ended = new EndedPeople({ path: join(directory, "people.json"), now, onTrouble });
    this.tokens = new TokenBook({ path: tokensFile, now, onTrouble }, Date.now);
    this.accounts =
      accountsFile === undefined ? undefined : new AccountBook({ path: accountsFile, now, onTrouble });
  }

  /** What is about to be changed by this server itself, which tells of it. */
  async expect({ added, withdrawn, changed }: Expected): Promise<void> {
    const isPast = ({ what, id }: Seen): boolean =>
      id === (what === "token" ? withdrawn?.id : what === "account" ? changed?.name : undefined);
    try {
      await patiently(() =>
        changeList(this.#seenFile, seenList, (all) => [
          ...all.filter((each) => !isPast(each)),
          ...(added === undefined ? [] : [seenToken(added)]),
          ...(changed === undefined ? [] : [seenAccount(changed)]),
        ]),
      );
    } catch (err) {
      this.#logger.warn({ err }, "a file is about to be changed, and the audit may tell it twice");
    }
  }

  /** Tells what others change in the files, and what they changed while nobody looked. */
  follow(told: Told): void {
    setInterval(() => {
      if (told.canTell) this.#look(told);
    }, lookEveryMs).unref();
  }

  #look(told: Told): void {
    const accounts = this.accounts?.all ?? [];
    const groupsOf = (id: string) =>
      accounts.find(({ name }) => idOf({ issuer: localIssuer, subject: name }) === id)?.groups ?? [];
    const current: Seen[] = [
      ...accounts.map(seenAccount),
      ...this.ended.all.map((each) => seenEnd(each, groupsOf(each.id))),
      ...this.tokens.all.map(seenToken),
    ];
    const text = JSON.stringify(current);
    if (text === this.#settled) return;
    const isNew = text !== this.#pending;
    this.#pending = text;
    if (isNew) return;
    try {
      const isFirst = !existsSync(this.#seenFile);
      let changes: readonly SeenChange[] = [];
      // Of servers that share the directory, one tells it.
      changeList(this.#seenFile, seenList, (seen) => {
        if (!isFirst) changes = changesOf(seen, current);
        return current;
      });
      this.#settled = text;
      this.#troubledBy = "";
      for (const change of changes) told.changedOutside(change);
    } catch (err) {
      // Another server is about it, or will be told once.
      const why = String(err);
      if (why !== this.#troubledBy)
        this.#logger.warn({ err }, "what others change of accounts, tokens and sessions can't be told");
      this.#troubledBy = why;
    }
  }
}
