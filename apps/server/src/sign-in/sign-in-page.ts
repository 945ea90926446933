import { escaped, type Page } from "./page.ts";
import type { SignIn } from "./sign-in.ts";

export interface SignInForm {
  readonly status: number;
  /** Where somebody was going. */
  readonly to: string;
  /** As it was typed before. */
  readonly name?: string;
  readonly problem?: string;
  readonly note?: string;
  /** Where they may sign out, too. */
  readonly elsewhere?: URL;
  readonly ways: SignIn["ways"];
}

export function signInPage({ status, to, name = "", problem, note, elsewhere, ways }: SignInForm): Page {
  const said =
    problem === undefined ? "" : `<p class="problem" role="alert" id="problem">${escaped(problem)}</p>`;
  const noted = note === undefined ? "" : `<p role="status">${escaped(note)}</p>`;
  const first =
    ways.accounts === "empty" && ways.provider === undefined
      ? "<p>There is no account yet. The operator of this server creates one with <code>downbeat users add</code>.</p>"
      : "";
  // After a mistake, the password is what has to be typed again.
  const [focusName, focusPassword] = name === "" ? [" autofocus", ""] : ["", " autofocus"];
  const described = problem === undefined ? "" : ' aria-describedby="problem"';
  const left =
    elsewhere === undefined
      ? ""
      : `<p>You may still be signed in at ${escaped(ways.provider ?? "the provider")}. <a href="${escaped(elsewhere.href)}">Sign out there, too</a></p>`;
  const provider =
    ways.provider === undefined
      ? ""
      : `<a class="button" href="/signin/provider?${escaped(new URLSearchParams({ to }).toString())}">Sign in with ${escaped(ways.provider)}</a>`;
  const form = `<form method="post" action="/signin">
<input type="hidden" name="to" value="${escaped(to)}">
<label for="name">Name</label>
<input id="name" name="name" value="${escaped(name)}" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="60"${described}${focusName}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="256"${described}${focusPassword}>
<button type="submit">Sign in</button>
</form>`;
  return {
    status,
    title: "Sign in",
    body: `<h1>Sign in</h1>
${noted}${left}${said}${first}${provider}${ways.accounts === "none" ? "" : form}`,
  };
}

/** For whoever is signed in and may see nothing. */
export function noRolePage(name: string, id: string): Page {
  return {
    status: 403,
    title: "No role here",
    body: `<h1>You have no role here</h1>
<p>You are signed in as ${escaped(name)} (<code>${escaped(id)}</code>), but you have no role in any namespace of this server. Ask your Downbeat administrators for one.</p>
<form method="post" action="/signout"><button type="submit">Sign out</button></form>`,
  };
}
