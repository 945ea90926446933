import { maxPayloadBytes } from "@downbeat/domain";
import { BadCursor } from "@downbeat/read-model";
import { initTRPC, type TRPCDefaultErrorShape, TRPCError } from "@trpc/server";
import { z } from "zod";
import { ApiError, type ApiErrorCode } from "./api-error.ts";
import { AuditedRequest } from "./audit/audited.ts";
import type { Context, ServerContext } from "./context.ts";
import { revealedTo } from "./masking/reveals.ts";
import { type Asked, forbidden, may, type Permission } from "./permissions/policy.ts";
import { shownTo } from "./permissions/without-payloads.ts";

const trpcCodes = {
  notFound: "NOT_FOUND",
  badInput: "BAD_REQUEST",
  forbidden: "FORBIDDEN",
  unavailable: "SERVICE_UNAVAILABLE",
} as const satisfies Record<ApiErrorCode, TRPCError["code"]>;

const t = initTRPC
  .context<Context>()
  .meta<Asked>()
  .create({
    sse: {
      // A proxy or browser that has lost the connection is noticed within seconds, on either side.
      ping: { enabled: true, intervalMs: 2_000 },
      client: { reconnectAfterInactivityMs: 5_000 },
    },
    errorFormatter,
  });

const ofServer = initTRPC.context<ServerContext>().create({ errorFormatter });

function errorFormatter({ shape, error }: { shape: TRPCDefaultErrorShape; error: TRPCError }) {
  const { stack: _, ...data } = shape.data;
  return { ...shape, message: sentenceFor(error), data };
}

function sentenceFor(error: TRPCError): string {
  if (error.cause instanceof z.ZodError) return inputSentence(error.cause);
  if (error.code === "PAYLOAD_TOO_LARGE") {
    return `The request is too long: an input, output or payload has at most ${maxPayloadBytes} bytes of JSON; put big values elsewhere and a reference here.`;
  }
  // Whatever went wrong inside is for the logs.
  if (error.code === "INTERNAL_SERVER_ERROR") return "The server failed on this request; its log says more.";
  return error.message;
}

function inputSentence({ issues }: z.ZodError): string {
  return `The input can't be taken: ${[...new Set(issues.map(issueWords))].join("; ")}.`;
}

/** In words of the field that a person filled in, whatever it is wrapped in. */
function issueWords(issue: z.core.$ZodIssue): string {
  const field = issue.path.findLast((part) => typeof part === "string" && part !== "filter");
  if (field === undefined) return issue.message;
  const name = String(field);
  if (issue.code === "invalid_value") return `${name} must be ${issue.values.map(String).join(", ")}`;
  return `${name}: ${issue.message}`;
}

export const router = t.router;
export const serverProcedures = { router: ofServer.router, procedure: ofServer.procedure };

/** Of what is asked without a body there is none to parse. */
const rawInput = (getRawInput: () => Promise<unknown>): Promise<unknown> =>
  getRawInput().catch(() => undefined);

/** Every mutation is told of in the audit, with what came of it: a new one, too. */
const audited = t.procedure.use(async ({ ctx, type, path, getRawInput, next }) => {
  const asked = type === "mutation" ? new AuditedRequest(ctx, path, await rawInput(getRawInput)) : undefined;
  const result = await next({ ctx: { asked } });
  if (asked === undefined) return result;
  if (!result.ok) asked.failed(result.error);
  else if (isStream(result.data)) return { ...result, data: asked.streamed(result.data) };
  else asked.answered(result.data);
  return result;
});

function ofApi(error: ApiError): TRPCError {
  return new TRPCError({ code: trpcCodes[error.code], message: error.message, cause: error });
}

/** Every procedure: who may ask is decided, and refusals become tRPC's codes, here and nowhere else. */
const guarded = audited.use(async ({ ctx, meta, getRawInput, next }) => {
  // What says nothing of who may ask is asked by nobody.
  if (meta === undefined) throw new TRPCError({ code: "FORBIDDEN", message: "Nobody may ask for this." });
  if (!may(ctx.role, meta.permission))
    throw new TRPCError({ code: "FORBIDDEN", message: forbidden(meta.permission) });
  // What is personal is known before anything is looked up.
  await ctx.masking.ready();
  const result = await next();
  // What is streamed is made for its reader by whoever streams it.
  if (result.ok)
    return isStream(result.data)
      ? result
      : { ...result, data: shownOf(ctx, result.data, await rawInput(getRawInput)) };
  const { cause } = result.error;
  if (cause instanceof ApiError) throw ofApi(cause);
  if (cause instanceof BadCursor) throw new TRPCError({ code: "BAD_REQUEST", message: cause.message, cause });
  return result;
});

const aboutRun = z.object({ runId: z.string() });

/** As whoever asks may see it. Only what is asked of one run is shown revealed: lists are the same for all. */
function shownOf<T>(context: Context, data: T, input: unknown): T {
  const { role, masking } = context;
  const runId = aboutRun.safeParse(input).data?.runId;
  const isRevealed = revealedTo(context);
  const revealed = (run: string): boolean => run === runId && isRevealed(run);
  return shownTo(role, masking.shown(data, { runId, revealed }));
}

function isStream(data: unknown): data is AsyncIterable<unknown> {
  return typeof data === "object" && data !== null && Symbol.asyncIterator in data;
}

/** A procedure for those who have the permission. */
export const allowed = (permission: Permission) => guarded.meta({ permission });

/**
 * Of which nothing but the audit tells: it is written before anything is done, and where it can't be, nothing is. What would be refused anyway is refused
 * before.
 *
 * @param check throws ApiError
 */
export function allowedOnceNoted<Input extends z.ZodType>(
  permission: Permission,
  input: Input,
  check?: (context: Context) => void,
) {
  return allowed(permission)
    .input(input)
    .use(async ({ ctx, next }) => {
      check?.(ctx);
      await ctx.asked?.writeFirst();
      return next();
    });
}
