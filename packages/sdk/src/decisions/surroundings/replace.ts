/** Puts another value in the place of what the platform brings, where that may be done. Other realms, and names that were taken before, keep the old one. */
export function replace<Owner extends object, Name extends keyof Owner>(
  owner: Owner,
  name: Name,
  make: (original: Owner[Name]) => Owner[Name],
): void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  if (own?.configurable !== true || !("value" in own)) return;
  Object.defineProperty(owner, name, { ...own, value: make(owner[name]) });
}

/** The same of what is given by a getter. */
export function replaceGetter<Owner extends object, Name extends keyof Owner>(
  owner: Owner,
  name: Name,
  make: (original: Owner[Name], self: Owner) => Owner[Name],
): void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  const original = own?.get;
  if (own?.configurable !== true || original === undefined) return;
  Object.defineProperty(owner, name, {
    ...own,
    get(this: Owner): Owner[Name] {
      return make(original.call(this), this);
    },
  });
}
