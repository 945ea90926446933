/** What somebody began by signing in at the dashboard; nothing of it lets anybody in. */
export interface OwnSession {
  readonly id: string;
  /** ms since 1970, as all that follows: when they signed in. */
  readonly since: number;
  /** When anything was last asked for, up to a minute ago. */
  readonly seen: number;
  /** When it ends, however busy. */
  readonly until: number;
  /** Where that was asked from. */
  readonly address?: string;
  /** How the browser names itself. */
  readonly agent?: string;
  /** It is the one that this is asked in. */
  readonly isThis?: boolean;
}

/** How somebody is signed in, as they may know it of themselves. */
export interface OwnAccount {
  /** The one in use, then last seen first. */
  readonly sessions: readonly OwnSession[];
  /** One person has at most so many: with one more, the oldest ends. */
  readonly mostSessions: number;
  /** What is asked of them before a session of theirs is ended: the password that is kept here, or to sign in again at the provider. */
  readonly confirmBy: "password" | "signIn" | "nothing";
  /** ms since 1970, by the server's clock */
  readonly now: number;
  /** Why there is nothing to keep here: nobody signs in, or they came otherwise. */
  readonly unavailable?: string;
}
