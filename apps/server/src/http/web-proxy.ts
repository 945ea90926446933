import { Agent, type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect, type NetConnectOpts } from "node:net";
import type { Duplex } from "node:stream";
import { formatNamespaceName, type NamespaceName } from "@downbeat/protocol";
import { withoutCookie } from "../sign-in/cookies.ts";
import { isSessionCookie } from "../sign-in/own-cookies.ts";
import { type WebTarget, webTarget } from "./web-target.ts";

// RFC 9110, 7.6.1: of one connection, not of the message.
const hopByHop = ["connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"];

/** Tells the dashboard what is served here, so that its first answer already knows. */
const namespacesHeader = "x-downbeat-namespaces";

/** The dashboard's process renders within milliseconds; one that has stopped keeps connections open and says nothing. */
const patienceMs = 8_000;

/** Passes requests without a body on to the process that renders the dashboard, so that the browser knows one origin only. */
export class WebProxy {
  readonly #target: WebTarget;
  readonly #onTrouble: (error: Error) => void;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  /**
   * @param target as of `webTarget`
   * @param onTrouble told why the dashboard's process could not be asked
   */
  constructor(target: string, onTrouble: (error: Error) => void = () => {}) {
    this.#onTrouble = onTrouble;
    this.#target = webTarget(target);
  }

  /**
   * @param namespaces those that whoever asks may look at
   * @param isAgain a connection that was kept may be closed by the other side in the moment it is used; what is asked without a body is asked once more
   */
  pass(
    incoming: IncomingMessage,
    response: ServerResponse,
    namespaces: readonly NamespaceName[],
    isAgain = false,
  ): void {
    const headers = { ...incoming.headers };
    for (const name of hopByHop) delete headers[name];
    headers[namespacesHeader] = namespaces.map(formatNamespaceName).join(",");
    // Who renders pages needs nobody's seal.
    headers.cookie = withoutCookie(headers.cookie, isSessionCookie);
    if (headers.cookie === undefined) delete headers.cookie;
    delete headers.authorization;
    const upstream = request({
      agent: this.#agent,
      ...this.#target,
      method: incoming.method,
      path: incoming.url,
      headers,
    });
    const patience = setTimeout(() => upstream.destroy(new Error("no answer in time")), patienceMs);
    upstream.on("close", () => clearTimeout(patience));
    upstream.on("response", (answer) => {
      clearTimeout(patience);
      const passed = { ...answer.headers };
      for (const name of hopByHop) delete passed[name];
      response.writeHead(answer.statusCode ?? 502, passed);
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    });
    const onGone = () => upstream.destroy();
    upstream.on("error", (error) => {
      response.off("close", onGone);
      if (response.headersSent || response.destroyed) return void response.destroy();
      if (upstream.reusedSocket && !isAgain) return this.pass(incoming, response, namespaces, true);
      this.#onTrouble(error);
      starting(incoming, response);
    });
    response.on("close", onGone);
    upstream.end();
  }

  /** For the development server's own live reload, and nothing else. */
  passUpgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!isOwnOfNext(incoming.url)) return void socket.destroy();
    const upstream = connect(socketOf(this.#target), () => {
      const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
      for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
        const [name = "", value] = incoming.rawHeaders.slice(index, index + 2);
        if (!ofWhoAsks.has(name.toLowerCase())) lines.push(`${name}: ${value}`);
      }
      upstream.write(`${lines.join("\r\n")}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
    socket.on("close", () => upstream.destroy());
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** What `net` calls `path`, `http` calls `socketPath`. */
function socketOf(target: WebTarget): NetConnectOpts {
  return "socketPath" in target ? { path: target.socketPath } : target;
}

/** Of no use to a live reload. */
const ofWhoAsks: ReadonlySet<string> = new Set(["cookie", "authorization", namespacesHeader]);

function isOwnOfNext(path = ""): boolean {
  const base = "http://own.invalid";
  return (
    path.startsWith("/_next/") &&
    URL.canParse(path, base) &&
    new URL(path, base).pathname.startsWith("/_next/")
  );
}

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="1">
<meta name="color-scheme" content="light dark">
<title>Downbeat is starting</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; margin: 20vh auto; max-width: 32rem; padding: 0 1rem }</style>
<h1>The dashboard is starting…</h1>
<p>This page loads it as soon as it is there. If it takes longer than a minute, look at the terminal that Downbeat was started in.</p>
</html>
`;

function starting(incoming: IncomingMessage, response: ServerResponse): void {
  const wantsPage = incoming.headers.accept?.includes("text/html") === true;
  response.writeHead(502, {
    "content-type": wantsPage ? "text/html; charset=utf-8" : "text/plain; charset=utf-8",
    "cache-control": "no-store",
    ...(wantsPage && {
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    }),
    "retry-after": "1",
  });
  response.end(wantsPage ? page : "The dashboard is not running.\n");
}
