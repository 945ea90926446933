import type { Context } from "../context.ts";
import { forbidden, may, permissions } from "../permissions/policy.ts";
import type { Me } from "../views.ts";

export function getMe({ actor, role, signedIn, approvals }: Context): Me {
  return {
    actor,
    role,
    ...(signedIn !== undefined && { signedIn }),
    ...(approvals.rule !== undefined && { secondPerson: approvals.rule }),
    permissions: permissions.map((permission) =>
      may(role, permission) ? { permission } : { permission, refusal: forbidden(permission) },
    ),
  };
}
