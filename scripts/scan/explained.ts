import type { Finding } from "./wapiti.ts";

/** What the scanner finds and we leave as it is, with the reason; docs/security/scan.md says the same. */
const explained: readonly {
  readonly what: string;
  readonly path?: RegExp;
  readonly info?: RegExp;
  readonly why: string;
}[] = [
  {
    what: "Cross Site Request Forgery",
    path: /^\/signin$/,
    info: /^Lack of anti CSRF token/,
    why: "The form is taken from this server's own pages alone, by Sec-Fetch-Site and Origin; the scanner knows tokens only.",
  },
];

export function isExplained({ what, path, info }: Finding): boolean {
  return explained.some(
    (each) => each.what === what && (each.path?.test(path) ?? true) && (each.info?.test(info) ?? true),
  );
}
