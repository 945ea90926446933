import type { Role } from "@downbeat/api/policy";
import type { TokenList, TokenMade, TokenView } from "@downbeat/api/views";

const day = 86_400_000;

function token(id: string, madeAt: number, more: Partial<TokenView>): TokenView {
  return {
    id,
    name: "ci",
    role: "operator",
    in: ["public/default"],
    madeAt,
    endsAt: madeAt + 90 * day,
    ...more,
  };
}

/** Of every kind: in use, of an admin of more than this namespace, over, and of whoever edited the file. */
export function tokenListAt(now: number): TokenList {
  return {
    now,
    usesKnownSince: now - 3 * day,
    tokens: [
      token("1c9f0a7be2d4", now - day, { usedAt: now - 20_000, madeBy: "Ada Lovelace <local|ada>" }),
      token("2c9f0a7be2d4", now - 9 * day, {
        name: "billing-service-of-the-second-floor.north",
        role: "support",
        in: [
          "public/default",
          "acme/*",
          "a-tenant-whose-name-is-as-long-as-they-get/and-its-namespace-is-as-well",
        ],
        isForOthers: true,
        madeBy: "ada (downbeat tokens)",
        notYours: "It is also for namespaces where you are no admin.",
      }),
      token("3c9f0a7be2d4", now - 200 * day, { name: "wall", role: "viewer", in: ["*"] }),
    ],
  };
}

export function madeToken(
  { name, role, lastsMs }: { readonly name: string; readonly role: Role; readonly lastsMs: number },
  now: number,
): TokenMade {
  return {
    token: token("4c9f0a7be2d4", now, { name, role, endsAt: now + lastsMs }),
    text: `downbeat_4c9f0a7be2d4_${"x".repeat(43)}`,
  };
}
