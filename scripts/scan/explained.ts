import type { Finding } from "./wapiti.ts";

/** What the scanner finds and we leave as it is, with the reason; docs/security/scan.md says the same. */
const explained: readonly {
  readonly what: string;
  readonly path?: RegExp;
  readonly info?: RegExp;
  readonly why: string;
}[] = [];

export function isExplained({ what, path, info }: Finding): boolean {
  return explained.some(
    (each) => each.what === what && (each.path?.test(path) ?? true) && (each.info?.test(info) ?? true),
  );
}
