import type { IncomingMessage, ServerResponse } from "node:http";
import {
  appRouter,
  type Context,
  FollowChanges,
  type Happened,
  type Role,
  revealedTo,
  type Services,
  serverRouter,
  whoOf,
} from "@downbeat/api";
import { formatNamespaceName, type NamespaceName } from "@downbeat/protocol";
import { TRPCError } from "@trpc/server";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import type { Logger } from "pino";
import type { Metrics } from "../metrics.ts";
import type { ServedNamespace } from "../namespaces/served-namespace.ts";
import type { ServedNamespaces } from "../namespaces/served-namespaces.ts";
import type { SignIn } from "../sign-in/sign-in.ts";
import { namespacesOf, type Visitor } from "../visitors/visitor.ts";
import { type ApiTarget, apiPrefix, apiTarget } from "./api-target.ts";
import { LiveStreams } from "./live-streams.ts";
import { whereFrom } from "./where-from.ts";

// A payload of the largest size, escaped as JSON at its worst.
const maxBodySize = 1_000_000;
const livePath = "live.changes";
/** Answers that come in parts, for as long as it takes. */
const lasting: ReadonlySet<string> = new Set([livePath, "analytics.run", "lists.export"]);
/** Calls in one request. Our own clients send one. */
const maxBatchSize = 10;

export interface ApiHandlerOptions {
  readonly namespaces: ServedNamespaces;
  /** Who follow what happens here, before one more is told to come again. */
  readonly mostFollowers: number;
  readonly metrics: Metrics;
  /** Where a request comes from, as far as it is believed. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly logger: Logger;
  /** The tokens that somebody may keep; absent where nobody signs in. */
  readonly tokensOf?: SignIn["tokensOf"] | undefined;
  /** How somebody is signed in; absent where nobody signs in. */
  readonly accountOf?: SignIn["accountOf"] | undefined;
}

export const procedureNames: ReadonlySet<string> = new Set(
  [appRouter, serverRouter].flatMap((router) => Object.keys(router._def.procedures)),
);

/** Answers `/trpc/…`; `false` for other paths. */
export function apiHandler(options: ApiHandlerOptions) {
  const { namespaces, mostFollowers, metrics, addressOf, logger, tokensOf, accountOf } = options;
  let followers = 0;
  const liveOf = createLiveStreams((served, error) => {
    logger.error({ err: error, ...name(served), procedure: livePath }, "a request failed");
    served.suspect(error);
  });
  return (
    request: IncomingMessage,
    response: ServerResponse,
    pathname: string,
    visitor: Visitor,
  ): boolean => {
    if (!pathname.startsWith(apiPrefix)) return false;
    const target = apiTarget(pathname);
    const standing = target?.of === "namespace" ? visitor.standingIn(target.name) : undefined;
    const served = target?.of === "namespace" ? namespaces.find(target.name) : undefined;
    const path = target?.procedure ?? "";
    if (path.split(",").includes(livePath)) {
      // A stream would be opened to say it in.
      if (standing !== undefined && standing.role === undefined)
        return plain(response, 403, standing.refusal);
      if (followers >= mostFollowers) return tooMany(response, mostFollowers);
      followers += 1;
      response.once("close", () => (followers -= 1));
    }
    if (target?.of === "namespace" && path.split(",").some((one) => lasting.has(one)))
      endWithVisitor(visitor, target.name, response);
    const { actor } = visitor;
    const session = visitor.session?.id;
    /** What is masked is known before anything is told. */
    const follow = async (
      streams: LiveStreams,
      services: Services,
      { asked, role }: { readonly asked: FollowChanges; readonly role: Role },
    ): Promise<void> => {
      await services.masking.ready();
      if (response.destroyed) return;
      const revealed = revealedTo({ reveals: services.reveals, role, actor, session });
      streams.add(asked, { role, revealed }, request, response);
    };
    const stopObserving = observe(metrics, served, path, response);
    response.on("close", stopObserving);
    if (path === livePath && served?.services !== undefined && request.method === "GET") {
      const asked = followInput(request);
      if (asked !== undefined && standing?.role !== undefined) {
        void follow(liveOf(served, served.services), served.services, { asked, role: standing.role });
        return true;
      }
    }
    const from = whereFrom(request, addressOf(request));
    if (standing !== undefined && standing.role === undefined && request.method === "POST")
      noteForeign(served, visitor, { from, path, refusal: standing.refusal });
    const common = { req: request, res: response, path, maxBodySize, maxBatchSize };
    if (target?.of === "server" && path in serverRouter._def.procedures) {
      void nodeHTTPRequestHandler({
        ...common,
        router: serverRouter,
        createContext: () => ({ namespaces: namespacesOf(visitor, namespaces.all) }),
      });
      return true;
    }
    void nodeHTTPRequestHandler({
      ...common,
      router: appRouter,
      createContext: (): Context => {
        // Whether it is served is nothing to tell who has no role there.
        if (standing !== undefined && standing.role === undefined)
          throw new TRPCError({ code: "FORBIDDEN", message: standing.refusal });
        if (served === undefined || standing === undefined) throw notServed(target);
        const { services } = served;
        if (services === undefined) {
          throw new TRPCError({ code: "SERVICE_UNAVAILABLE", message: served.trouble });
        }
        return {
          ...services,
          actor: visitor.actor,
          signedIn: visitor.signedIn,
          role: standing.role,
          session,
          from,
          tokens: tokensOf?.({ visitor, name: served }),
          account: accountOf?.({ visitor, name: served, request, response }),
        };
      },
      onError({ error, path: procedure, type }) {
        const about = { ...(served !== undefined && name(served)), procedure, type };
        if (error.code === "INTERNAL_SERVER_ERROR") {
          logger.error({ err: error.cause ?? error, ...about }, "a request failed");
          served?.suspect(error.cause);
        } else {
          logger.debug({ ...about, code: error.code, reason: error.message }, "a request was refused");
        }
      },
    });
    return true;
  };
}

/** Whoever has no role there is told of where it was tried. */
function noteForeign(
  served: ServedNamespace | undefined,
  visitor: Visitor,
  { from, path, refusal }: { from: Happened["from"]; path: string; refusal: string },
): void {
  const audit = served?.services?.audit;
  if (audit === undefined) return;
  const who = whoOf(visitor);
  const entry = audit.entryOf({
    who,
    ...(from !== undefined && { from }),
    verb: "api.ask",
    on: [],
    given: [{ field: "procedure", is: path.slice(0, 200) }],
    outcome: { is: "refused", why: refusal },
  });
  audit.noteOften({ budget: who.id, what: entry.verb }, entry);
}

function tooMany(response: ServerResponse, mostFollowers: number): true {
  response.setHeader("retry-after", "10");
  return plain(response, 503, `${mostFollowers} pages follow what happens here already. Try again later.`);
}

function plain(response: ServerResponse, status: number, sentence: string): true {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${sentence}\n`);
  return true;
}

const lookEveryMs = 1_000;

/** Who follows asks once and stays: no longer than they are signed in, and have the role that they had. */
function endWithVisitor(visitor: Visitor, name: NamespaceName, response: ServerResponse): void {
  if (visitor.isStillIn === undefined) return;
  const { isStillIn } = visitor;
  const { role } = visitor.standingIn(name);
  const timer = setInterval(() => {
    if (!isStillIn() || visitor.standingIn(name).role !== role) response.destroy();
  }, lookEveryMs);
  timer.unref();
  response.once("close", () => clearInterval(timer));
}

/** One for each namespace as long as the same services answer for it. */
function createLiveStreams(onFailure: (served: ServedNamespace, error: unknown) => void) {
  const all = new WeakMap<Services, LiveStreams>();
  return (served: ServedNamespace, services: Services): LiveStreams => {
    const known = all.get(services);
    if (known !== undefined) return known;
    const streams = new LiveStreams(services, (error) => onFailure(served, error));
    all.set(services, streams);
    const stop = served.onGone(() => {
      stop();
      streams.close();
    });
    return streams;
  };
}

/** `undefined` for what tRPC has to refuse. */
function followInput({ url = "", headers }: IncomingMessage): FollowChanges | undefined {
  const query = new URLSearchParams(url.split("?", 2)[1] ?? "");
  const lastEventId = headers["last-event-id"] ?? query.get("lastEventId");
  try {
    const input: unknown = JSON.parse(query.get("input") ?? "{}");
    if (typeof input !== "object" || input === null) return undefined;
    return FollowChanges.safeParse(lastEventId === null ? input : { ...input, lastEventId }).data;
  } catch {
    return undefined;
  }
}

const name = ({ tenant, namespace }: ServedNamespace) => ({ tenant, namespace });

function notServed(target: ApiTarget | undefined): TRPCError {
  const message =
    target?.of === "namespace"
      ? `This server does not serve ${formatNamespaceName(target.name)}; /trpc/namespaces.list names what it does.`
      : "Ask one namespace: /trpc/<tenant>/<namespace>/<procedure>; /trpc/namespaces.list names those that are served.";
  return new TRPCError({ code: "NOT_FOUND", message });
}

function observe(
  metrics: Metrics,
  served: ServedNamespace | undefined,
  path: string,
  response: ServerResponse,
): () => void {
  if (path === livePath && served !== undefined) {
    const labels = name(served);
    metrics.followers.inc(labels);
    // The browser connects again by itself, and finds what has taken the place of what it followed.
    const stop = served.onGone(() => response.destroy());
    return () => {
      stop();
      metrics.followers.dec(labels);
    };
  }
  const began = performance.now();
  return () =>
    metrics.observeRequest(served, path, response.statusCode < 400, (performance.now() - began) / 1_000);
}
