import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { forbidden, may } from "../permissions/policy.ts";
import type { BulkVerb } from "../views.ts";
import { permissionOf } from "./order.ts";

/**
 * Who may do it once may do it in bulk.
 *
 * @throws ApiError for who may not
 */
export function requireSteering({ role }: Pick<Context, "role">, verb: BulkVerb): void {
  const permission = permissionOf[verb];
  if (!may(role, permission)) throw new ApiError("forbidden", forbidden(permission));
}
