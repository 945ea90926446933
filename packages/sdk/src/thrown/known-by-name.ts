import { field } from "./careful.ts";

/**
 * Has `instanceof` take errors of another copy of this package for its own: the `downbeat` command and a project may each have one, and what code of the
 * one throws is caught by code of the other. Classes that extend it are told apart as ever.
 */
export function knownByName(name: string, type: abstract new (...args: never[]) => Error): void {
  const brand = Symbol.for(`@downbeat/sdk/${name}`);
  const inherited = Function.prototype[Symbol.hasInstance];
  Object.defineProperty(type.prototype, brand, { value: true });
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      return this === type ? field(value, brand) === true : inherited.call(this, value);
    },
  });
}
