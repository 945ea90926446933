import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { SecureContextOptions } from "node:tls";
import { isLoopbackHost } from "@downbeat/protocol";
import type { Metrics } from "../metrics.ts";
import type { ServedNamespaces } from "../namespaces/served-namespaces.ts";
import { sendPage } from "../sign-in/page.ts";
import { answerSignIn, leadToSignIn, signInPaths } from "../sign-in/routes.ts";
import type { SignIn } from "../sign-in/sign-in.ts";
import { noRolePage } from "../sign-in/sign-in-page.ts";
import { namespacesOf, type Visitor } from "../visitors/visitor.ts";
import { setHeaders } from "./answer-headers.ts";
import type { apiHandler } from "./api-handler.ts";
import { apiPrefix, callsIn } from "./api-target.ts";
import type { CallPace } from "./call-pace.ts";
import { networkOf } from "./client-address.ts";
import { apiRefusal, type Door, isOfThisMachine, pageRefusal, type Refusal, refusal } from "./guard.ts";
import { type Readiness, readiness } from "./readiness.ts";
import { endUnreadAnswers } from "./unread-answers.ts";
import type { WebProxy } from "./web-proxy.ts";

export interface HttpServerOptions {
  readonly api: ReturnType<typeof apiHandler>;
  readonly namespaces: ServedNamespaces;
  readonly metrics: Metrics;
  readonly web: WebProxy;
  readonly address: URL | undefined;
  /** Not given: this port speaks plain HTTP. */
  readonly tls?: SecureContextOptions | undefined;
  readonly visitors: Visitors;
  readonly pace: CallPace;
  /** Where a request comes from, as far as it is believed. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** Of a request, by no fault of who asked. */
  readonly onFailure: (error: unknown) => void;
}

/** Everybody is one, or they sign in. */
export type Visitors =
  | { readonly everybody: Visitor; readonly signIn?: never }
  | { readonly signIn: SignIn; readonly everybody?: never };

/** A body that comes more slowly is not waited for: whoever sends so holds a connection. */
const bodyWithinMs = 30_000;
const headersWithinMs = 10_000;
const lookEveryMs = 2_000;
const handshakeWithinMs = 10_000;

/** One origin for the browser: the API, what operators ask for, and everything else from the dashboard's process. */
export function httpServer(options: HttpServerOptions): Server {
  const limits = {
    requestTimeout: bodyWithinMs,
    headersTimeout: headersWithinMs,
    connectionsCheckingInterval: lookEveryMs,
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse) =>
    answer(options, request, response);
  const { tls } = options;
  const server =
    tls === undefined
      ? createServer(limits, onRequest)
      : createTlsServer({ ...limits, ...tls, handshakeTimeout: handshakeWithinMs }, onRequest);
  server.once("close", endUnreadAnswers(server));
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (refusal(request, doorOf(options)) !== undefined) return void socket.destroy();
    const pass = () => options.web.passUpgrade(request, socket, head);
    const { signIn } = options.visitors;
    if (signIn === undefined) return pass();
    signIn.visitor(request).then(
      (visitor) => {
        const mayLook = visitor !== undefined && namespacesOf(visitor, options.namespaces.all).length > 0;
        if (mayLook) pass();
        else socket.destroy();
      },
      () => socket.destroy(),
    );
  });
  return server;
}

function answer(options: HttpServerOptions, request: IncomingMessage, response: ServerResponse): void {
  setHeaders(response, isSecure(options, request));
  const refused = refusal(request, doorOf(options));
  if (refused !== undefined) return refuse(response, refused);
  const pathname = (request.url ?? "/").split("?", 1)[0] ?? "/";
  // What renders the pages fails on it without a word.
  if (!isEncoded(pathname)) return text(response, 400, "This address has a % that stands for nothing.");
  const { signIn, everybody } = options.visitors;
  const isToldAll = signIn === undefined || isOfThisMachine(request);
  switch (pathname) {
    case "/healthz":
      return text(response, 200, "ok");
    case "/readyz":
      return ready(response, readiness(options.namespaces.all, "all"), isToldAll);
    case "/readyz/reads":
      return ready(response, readiness(options.namespaces.all, "reads"), isToldAll);
    case "/metrics":
      if (!isToldAll) return refuse(response, metricsRefusal);
      return void metrics(options.metrics, response).catch(failed(options, response));
    case deviceLoginPath:
      return deviceLogin(options, request, response);
    default:
  }
  if (everybody !== undefined)
    return answerVisitor(options, { request, response, pathname, visitor: everybody });
  answerSignedIn(options, signIn, { request, response, pathname }).catch(failed(options, response));
}

/** Asked before anybody has signed in, by `downbeat login`. */
const deviceLoginPath = "/signin/device";

function deviceLogin(
  { visitors }: HttpServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (pageRefused(request, response)) return;
  const way = visitors.signIn?.deviceLogin;
  if (way !== undefined) return json(response, 200, way);
  const sentence =
    visitors.signIn === undefined
      ? "Nobody signs in at this Downbeat: commands ask it without."
      : "Nobody signs in at this Downbeat from the command line: its access file says nothing of provider.login. Ask with a token (DOWNBEAT_TOKEN_FILE).";
  return refuse(response, { status: 404, sentence });
}

function failed({ onFailure }: HttpServerOptions, response: ServerResponse): (error: unknown) => void {
  return (error) => {
    onFailure(error);
    if (response.headersSent) response.destroy();
    else text(response, 500, "The server failed on this request; its log says more.");
  };
}

interface Request {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly pathname: string;
}

/** Whatever is asked, nothing but the way in is answered to who has not signed in. */
async function answerSignedIn(options: HttpServerOptions, signIn: SignIn, asked: Request): Promise<void> {
  const { request, response, pathname } = asked;
  const [, token] = /^Bearer +(.*)$/i.exec(request.headers.authorization ?? "") ?? [];
  // Whoever comes with a token is whom it says and nobody else, whatever cookie came along.
  if (token !== undefined && pathname.startsWith(apiPrefix)) {
    const bearer = await signIn.bearer(token);
    if (bearer.type === "in") return answerVisitor(options, { ...asked, visitor: bearer.visitor });
    const tooOften = tooManyCalls(options, asked, undefined);
    if (tooOften !== undefined) return refuse(response, tooOften);
    if (bearer.type === "refused") signIn.noteTokenRefused(request, bearer.why);
    return refuse(response, bearer.type === "refused" ? tokenRefusal(bearer.why) : bearer.refusal);
  }
  const visitor = await signIn.visitor(request);
  if (signInPaths.includes(pathname)) {
    const refused = await answerSignIn({ signIn, request, response, visitor });
    if (refused !== undefined) refuse(response, refused);
    return;
  }
  if (visitor === undefined) {
    if (pathname.startsWith(apiPrefix))
      return refuse(response, tooManyCalls(options, asked, undefined) ?? apiNeedsSignIn);
    return pageRefused(request, response) ? undefined : leadToSignIn({ signIn, request, response, visitor });
  }
  if (pathname.startsWith(apiPrefix)) {
    const cookie = await signIn.renewal(request, visitor);
    if (cookie !== undefined) response.setHeader("set-cookie", cookie);
  }
  answerVisitor(options, { ...asked, visitor });
}

function answerVisitor(options: HttpServerOptions, asked: Request & { readonly visitor: Visitor }): void {
  const { api, namespaces, web } = options;
  const { request, response, pathname, visitor } = asked;
  if (pathname.startsWith(apiPrefix)) {
    const notForApi = apiRefusal(request) ?? tooManyCalls(options, asked, visitor);
    if (notForApi !== undefined) return refuse(response, notForApi);
    if (api(request, response, pathname, visitor)) return;
  }
  if (pageRefused(request, response)) return;
  const open = namespacesOf(visitor, namespaces.all);
  const { signedIn } = visitor;
  if (open.length === 0 && signedIn !== undefined)
    return sendPage(request, response, noRolePage(signedIn.name, signedIn.id));
  web.pass(request, response, open);
}

/** Each person and each token has a pace of their own; who is nobody has that of where they come from. */
function tooManyCalls(
  { pace, addressOf }: HttpServerOptions,
  { request, pathname }: Request,
  visitor: Visitor | undefined,
): Refusal | undefined {
  const who = visitor?.signedIn?.id ?? `at ${networkOf(addressOf(request))}`;
  const afterMs = pace.take(who, callsIn(pathname));
  return afterMs === 0 ? undefined : { status: 429, sentence: "Too many calls in a short time.", afterMs };
}

function pageRefused(request: IncomingMessage, response: ServerResponse): boolean {
  const refused = pageRefusal(request);
  if (refused !== undefined) refuse(response, refused);
  return refused !== undefined;
}

function doorOf({ visitors, address, tls }: HttpServerOptions): Door {
  return { hasSignIn: visitors.signIn !== undefined, address, hasTls: tls !== undefined };
}

/** Whether the browser may be told never to come without TLS again: not for this machine's own name, which is that of other programs on other ports too. */
function isSecure({ address, tls }: HttpServerOptions, { headers: { host } }: IncomingMessage): boolean {
  return (tls !== undefined || address?.protocol === "https:") && !isLoopbackHost(host);
}

const apiNeedsSignIn: Refusal = { status: 401, sentence: "Sign in first." };
const tokenRefusal = (sentence: string): Refusal => ({ status: 401, sentence, isOfToken: true });
const metricsRefusal: Refusal = {
  status: 403,
  sentence: "Metrics are available only on this server's own machine.",
};

function isEncoded(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

async function metrics({ registry }: Metrics, response: ServerResponse): Promise<void> {
  const body = await registry.metrics();
  response.writeHead(200, { "content-type": registry.contentType });
  response.end(body);
}

/** @param isToldAll also of which namespaces, and why not */
function ready(response: ServerResponse, state: Readiness, isToldAll: boolean): void {
  json(response, state.ready ? 200 : 503, isToldAll ? state : { ready: state.ready });
}

/** What the client still sends is not read, so the connection can't be used for more. */
function refuse(response: ServerResponse, { status, sentence, afterMs, isOfToken }: Refusal): void {
  response.setHeader("connection", "close");
  if (isOfToken === true) response.setHeader("www-authenticate", challenge(sentence));
  if (afterMs !== undefined) response.setHeader("retry-after", String(Math.ceil(afterMs / 1_000)));
  if (status === 405) response.setHeader("allow", "GET, HEAD");
  text(response, status, sentence);
}

/** What may stand in it is a part of ASCII, without quotation marks. */
function challenge(sentence: string): string {
  const plain = sentence.replaceAll(/[^ -~]|["\\]/g, "");
  return `Bearer error="invalid_token", error_description="${plain}"`;
}

function text(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${sentence}\n`);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(`${JSON.stringify(value)}\n`);
}
