import { type NextRequest, NextResponse } from "next/server";
import { env } from "@/env.ts";

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
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export function proxy(request: NextRequest): NextResponse {
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
  matcher: [
    { source: "/((?!_next/static|icon.svg).*)", missing: [{ type: "header", key: "next-router-prefetch" }] },
  ],
};
