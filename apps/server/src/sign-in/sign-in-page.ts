import { escaped, type Page } from "./page.ts";

export interface SignInForm {
  readonly status: number;
  /** Where somebody was going. */
  readonly to: string;
  /** As it was typed before. */
  readonly name?: string;
  readonly problem?: string;
  readonly note?: string;
  /** Nobody could sign in. */
  readonly hasNoAccount: boolean;
}

export function signInPage({ status, to, name = "", problem, note, hasNoAccount }: SignInForm): Page {
  const said =
    problem === undefined ? "" : `<p class="problem" role="alert" id="problem">${escaped(problem)}</p>`;
  const noted = note === undefined ? "" : `<p role="status">${escaped(note)}</p>`;
  const first = hasNoAccount
    ? "<p>There is no account yet. Whoever runs this server makes one with <code>downbeat users add</code>.</p>"
    : "";
  // After a mistake, the password is what has to be typed again.
  const [focusName, focusPassword] = name === "" ? [" autofocus", ""] : ["", " autofocus"];
  const described = problem === undefined ? "" : ' aria-describedby="problem"';
  return {
    status,
    title: "Sign in",
    body: `<h1>Sign in</h1>
${noted}${said}${first}<form method="post" action="/signin">
<input type="hidden" name="to" value="${escaped(to)}">
<label for="name">Name</label>
<input id="name" name="name" value="${escaped(name)}" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="60"${described}${focusName}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="256"${described}${focusPassword}>
<button type="submit">Sign in</button>
</form>`,
  };
}

/** For whoever is signed in and may see nothing. */
export function noRolePage(name: string, id: string): Page {
  return {
    status: 403,
    title: "No role here",
    body: `<h1>You have no role here</h1>
<p>You are signed in as ${escaped(name)} (<code>${escaped(id)}</code>), and no namespace of this server is open to you. Whoever keeps access to Downbeat can give you a role.</p>
<form method="post" action="/signout"><button type="submit">Sign out</button></form>`,
  };
}
