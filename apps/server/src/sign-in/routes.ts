import type { IncomingMessage, ServerResponse } from "node:http";
import { formRefusal, type Refusal } from "../http/guard.ts";
import type { Visitor } from "../visitors/visitor.ts";
import { formBody } from "./form-body.ts";
import { sendPage } from "./page.ts";
import { inWords, seconds } from "./pause-words.ts";
import { NotVouched } from "./provider.ts";
import { returnTo } from "./return-to.ts";
import { type Arrival, callbackPath, type SignIn } from "./sign-in.ts";
import { type SignInForm, signInPage } from "./sign-in-page.ts";

const signInPath = "/signin";
const signOutPath = "/signout";
const providerPath = "/signin/provider";

/** The first parts of addresses that are sign-in's own. */
export const signInPaths: readonly string[] = [signInPath, signOutPath, providerPath, callbackPath];

export interface Asked {
  readonly signIn: SignIn;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly visitor: Visitor | undefined;
}

/** Answers for the pages by which people come and go; with a refusal where they may not be asked so. */
export async function answerSignIn(asked: Asked): Promise<Refusal | undefined> {
  const { request, response } = asked;
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://own.invalid");
  if (request.method === "POST") {
    const refused = formRefusal(request);
    if (refused !== undefined) return refused;
    if (pathname === signInPath) return comeIn(asked);
    if (pathname !== signOutPath) return notSo;
    response.setHeader("set-cookie", asked.signIn.leave(request, asked.visitor));
    const wasVouchedFor = asked.visitor?.signedIn?.by === "provider";
    return leadTo(response, `${signInPath}?why=${wasVouchedFor ? "outHere" : "out"}`);
  }
  if (request.method !== "GET" && request.method !== "HEAD") return notSo;
  // Only a form of ours signs people out: no link of anybody's does.
  if (pathname === signOutPath) return leadTo(response, "/");
  const to = returnTo(searchParams.get("to"));
  if (pathname === callbackPath) return comeBack(asked, searchParams);
  const isAgain = searchParams.has("again");
  if (pathname === providerPath && (isAgain || asked.visitor === undefined))
    return goToProvider(asked, to, isAgain);
  if (asked.visitor !== undefined) return leadTo(response, to);
  const why = searchParams.get("why") ?? "";
  const note = notes.get(why);
  const elsewhere = why === "outHere" ? await asked.signIn.providerSignOut() : undefined;
  return show(asked, {
    status: 200,
    to,
    ...(note !== undefined && { note }),
    ...(elsewhere !== undefined && { elsewhere }),
  });
}

const notSo: Refusal = { status: 405, sentence: "Pages are read: send GET." };

const notes: ReadonlyMap<string, string> = new Map([
  ["out", "You are signed out."],
  ["outHere", "You are signed out here."],
  ["ended", "Your session has ended. Sign in to go on."],
]);

async function comeIn(asked: Asked): Promise<Refusal | undefined> {
  const { signIn, request, response } = asked;
  const form = await formBody(request);
  if (form === undefined) return { status: 400, sentence: "This is not the form for signing in." };
  const to = returnTo(form.get("to"));
  const name = (form.get("name") ?? "").trim().toLowerCase();
  const arrival = await signIn.arrive(request, name, form.get("password") ?? "");
  if (arrival.type === "in") {
    response.setHeader("set-cookie", arrival.cookie);
    return leadTo(response, to);
  }
  if (arrival.type === "later") response.setHeader("retry-after", String(seconds(arrival.afterMs)));
  return show(asked, { to, name: name.slice(0, 60), ...said(arrival) });
}

async function goToProvider(asked: Asked, to: string, isAgain: boolean): Promise<undefined> {
  try {
    const way = await asked.signIn.sendToProvider(asked.request, to, isAgain);
    if (way === undefined) return leadTo(asked.response, signInPath);
    asked.response.setHeader("set-cookie", way.cookies);
    return leadTo(asked.response, way.url.href);
  } catch (error) {
    return refuseVouched(asked, error, to);
  }
}

async function comeBack(asked: Asked, query: URLSearchParams): Promise<undefined> {
  const { signIn, request, response } = asked;
  try {
    const { cookies, to } = await signIn.arriveFromProvider(request, query.toString());
    response.setHeader("set-cookie", cookies);
    return leadTo(response, to);
  } catch (error) {
    response.setHeader("set-cookie", signIn.forgetErrand(request, query.toString()));
    return refuseVouched(asked, error, "/");
  }
}

function refuseVouched(asked: Asked, error: unknown, to: string): undefined {
  if (!(error instanceof NotVouched)) throw error;
  asked.signIn.noteRefusal(asked.request, error);
  return show(asked, { status: 403, to, problem: error.message });
}

function said(arrival: Exclude<Arrival, { type: "in" }>): Pick<SignInForm, "status" | "problem"> {
  switch (arrival.type) {
    case "wrong":
      return { status: 403, problem: "The name or the password is not right." };
    case "busy":
      return { status: 503, problem: "Many people sign in just now. Try again in a moment." };
    case "later":
      return {
        status: 429,
        problem: `Too many attempts went wrong. Try again in ${inWords(arrival.afterMs)}.`,
      };
  }
}

function show({ signIn, request, response }: Asked, form: Omit<SignInForm, "ways">): undefined {
  sendPage(request, response, signInPage({ ...form, ways: signIn.ways }));
}

/** Whoever is not signed in comes to the page where that is done, and from there to where they were going. */
export function leadToSignIn({ signIn, request, response }: Asked): void {
  // What is fetched by a page has nobody to show a form to.
  const isPage = request.headers.accept?.includes("text/html") === true && request.headers.rsc === undefined;
  if (!isPage) {
    response.writeHead(401, { "content-type": "text/plain; charset=utf-8" });
    response.end("Sign in first.\n");
    return;
  }
  const query = new URLSearchParams({ to: returnTo(request.url) });
  if (signIn.hasSeal(request)) query.set("why", "ended");
  leadTo(response, `${signInPath}?${query}`);
}

function leadTo(response: ServerResponse, path: string): undefined {
  response.writeHead(303, { location: path });
  response.end();
}
