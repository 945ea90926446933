export { ApiError, type ApiErrorCode } from "./api-error.ts";
export { type AppRouter, appRouter } from "./app-router.ts";
export type { CommandSender } from "./commands/command-sender.ts";
export type { Context, ServerContext, Services } from "./context.ts";
export { FollowChanges } from "./live/follow-input.ts";
export { Follower } from "./live/follower.ts";
export type { Role } from "./permissions/policy.ts";
export { type ServerRouter, serverRouter } from "./server-router.ts";
export { createServices } from "./services.ts";
