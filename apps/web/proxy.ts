import { type NextRequest, NextResponse } from "next/server";
import { env } from "@/env.ts";
import { chooseNamespace, namespaceCookie, namespacesHeader, parseNamespaces } from "@/lib/namespace.ts";
import { isWithoutNamespace, withNamespace } from "@/routes.ts";

/**
 * Scripts run only with this answer's nonce; nothing is loaded from, sent to or framed by anyone else.
 * Inline style attributes stay allowed: virtualised rows and timeline bars are placed with them.
 */
function contentSecurityPolicy(nonce: string): string {
  // React's development build reconstructs server stacks with eval.
  const development = env.isDevelopment ? " 'unsafe-eval'" : "";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Where an address that names no namespace leads. */
function completed({ nextUrl, headers, cookies }: NextRequest): string | undefined {
  const served = parseNamespaces(headers.get(namespacesHeader));
  if (!isWithoutNamespace(nextUrl.pathname, served)) return undefined;
  const chosen = chooseNamespace(served, cookies.get(namespaceCookie)?.value);
  return chosen && withNamespace(chosen, nextUrl.pathname) + nextUrl.search;
}

export function proxy(request: NextRequest): NextResponse {
  const elsewhere = completed(request);
  if (elsewhere !== undefined) return NextResponse.redirect(new URL(elsewhere, request.url));
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  // Next takes the nonce for its own scripts out of this request header.
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("referrer-policy", "same-origin");
  return response;
}

export const config = {
  matcher: ["/((?!_next/static|icon.svg).*)"],
};
