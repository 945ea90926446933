const longest = 2_000;
const own = "http://own.invalid";
/** Nobody meant to go there. */
const notPages = ["/signin", "/signout", "/trpc/", "/_next/"];

/** Where somebody was going: a page of this server and of no other; the first one for whatever else was given. */
export function returnTo(given: string | null | undefined): string {
  if (given == null || given.length > longest || !given.startsWith("/")) return "/";
  if (!URL.canParse(given, own)) return "/";
  const { origin, pathname, searchParams, search } = new URL(given, own);
  // Slashes and backslashes that begin another host are gone by now, or have made one.
  if (origin !== own || pathname.startsWith("//")) return "/";
  if (notPages.some((prefix) => pathname === prefix || pathname.startsWith(prefix))) return "/";
  if (!searchParams.has("_rsc")) return pathname + search;
  searchParams.delete("_rsc");
  const rest = searchParams.toString();
  return rest === "" ? pathname : `${pathname}?${rest}`;
}
