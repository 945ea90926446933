import type { Standing } from "@downbeat/access";
import type { SignedIn } from "@downbeat/api/views";
import type { NamespaceName } from "@downbeat/protocol";
import type { Session } from "../sign-in/sessions.ts";

/** Whoever asks, as this server knows them: nothing of it is taken from what the browser says. */
export interface Visitor {
  /** Whom actions are attributed to. */
  readonly actor: string;
  /** Absent where nobody signs in. */
  readonly signedIn?: SignedIn;
  readonly standingIn: (name: NamespaceName) => Standing;
  /** Of whoever signed in. */
  readonly session?: Session;
  /** Whether what was true when they asked is true by now: who follows what happens asks once and stays. */
  readonly isStillIn?: () => boolean;
}

/** Those where the visitor has a role: nobody is told of others. */
export function namespacesOf<N extends NamespaceName>(visitor: Visitor, all: readonly N[]): readonly N[] {
  return all.filter((name) => visitor.standingIn(name).role !== undefined);
}
