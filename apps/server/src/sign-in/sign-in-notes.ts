import {
  type AccessFile,
  isIn,
  localIssuer,
  type Seen,
  type SeenChange,
  standingOf,
  toldIn,
} from "@downbeat/access";
import { anonymous, type Happened, type Services } from "@downbeat/api";
import type { NamespaceName } from "@downbeat/protocol";
import { namespacesOf, type Visitor } from "../visitors/visitor.ts";

type From = NonNullable<Happened["from"]>;

interface Served extends NamespaceName {
  readonly services: Pick<Services, "audit"> | undefined;
}

export interface Refused {
  /** As it was typed, where it can be a name. */
  readonly name: string | undefined;
  readonly by: "account" | "provider" | "token";
  readonly network: string;
  readonly why: string;
}

/**
 * Tells the audit who comes and goes. Of somebody with a role, where they have it: that is where they can do something. Of everybody else, in the first
 * namespace that is served.
 */
export class SignInNotes {
  readonly #namespaces: () => readonly Served[];
  readonly #access: Pick<AccessFile, "roles">;

  /** @param namespaces asked for whenever something is told */
  constructor(namespaces: () => readonly Served[], access: Pick<AccessFile, "roles">) {
    this.#namespaces = namespaces;
    this.#access = access;
  }

  /** Whether everything that is told now can be written. */
  get canTell(): boolean {
    return this.#namespaces().every(({ services }) => services !== undefined);
  }

  arrived(visitor: Visitor, from: From): void {
    this.#tell(visitor, { verb: "session.signIn", from, outcome: { is: "done" } });
  }

  left(visitor: Visitor, from: From, why?: string): void {
    this.#tell(visitor, {
      verb: "session.signOut",
      from,
      outcome: { is: "done" },
      ...(why !== undefined && { why }),
    });
  }

  /**
   * Where somebody has a role besides a namespace, which tells itself what is done in it.
   *
   * @returns tells what they did to themselves: they may not be in by then
   */
  elsewhere(visitor: Visitor, here: NamespaceName, from: From): (verb: string) => void {
    const isElsewhere = ({ tenant, namespace }: NamespaceName) =>
      tenant !== here.tenant || namespace !== here.namespace;
    const elsewhere = namespacesOf(visitor, this.#namespaces()).filter(isElsewhere);
    return (verb) => this.#note(elsewhere, visitor, { verb, from, outcome: { is: "done" } });
  }

  refused({ name = "", by, network, why }: Refused, from: From): void {
    const audit = this.#namespaces()[0]?.services?.audit;
    if (audit === undefined) return;
    const entry = audit.entryOf({
      who: { id: name === "" ? "" : `local|${name}`, name },
      from,
      verb: "session.signIn",
      on: [],
      given: [{ field: "by", is: by }],
      outcome: { is: "refused", why },
    });
    audit.noteOften({ budget: anonymous, what: [by, name, network].join("\n") }, entry);
  }

  /** Accounts, tokens and sessions that somebody changed or ended in their files: the command line does, and whoever edits them. */
  changedOutside(change: SeenChange): void {
    const { what, id, before, after } = change;
    const all = this.#namespaces();
    const open = all.filter((name) => [before, after].some((each) => each && this.#isGoodIn(each, name)));
    const verb = verbOf(change);
    const who = { id: "file", name: "outside, by the file" };
    const entry: Happened = { who, verb, on: [{ what, id }], given: [], outcome: { is: "done" } };
    for (const name of open.length > 0 ? open : all.slice(0, 1))
      name.services?.audit.note(name.services.audit.entryOf({ ...entry, given: [...toldIn(change, name)] }));
  }

  #tell(visitor: Visitor, what: Pick<Happened, "verb" | "from" | "outcome" | "why">): void {
    const all = this.#namespaces();
    const open = namespacesOf(visitor, all);
    this.#note(open.length > 0 ? open : all.slice(0, 1), visitor, what);
  }

  #note(
    where: readonly Served[],
    { signedIn }: Visitor,
    what: Pick<Happened, "verb" | "from" | "outcome" | "why">,
  ): void {
    if (signedIn === undefined) return;
    const given = [{ field: "by", is: signedIn.by }];
    const who = { id: signedIn.id, name: signedIn.name };
    for (const { services } of where)
      services?.audit.note(services.audit.entryOf({ who, on: [], given, ...what }));
  }

  #isGoodIn({ what, id, groups, in: places }: Seen, name: NamespaceName): boolean {
    if (what === "token") return places.some((place) => isIn(place, name));
    const [, issuer = localIssuer, subject = id] =
      what === "sessions" ? (/^(.*?)\|(.*)$/s.exec(id) ?? []) : [];
    const identity = { issuer, subject, name: id, groups, claims: { groups } };
    return standingOf(this.#access, identity, name).role !== undefined;
  }
}

function verbOf({ how, what }: SeenChange): string {
  if (what === "sessions") return "session.end";
  return `${what}s.${how === "withdraw" && what === "account" ? "remove" : how}`;
}
