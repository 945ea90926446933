import { EventEmitter } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { SharedMethods } from "../threads/shared-methods.ts";

/** Until the test is over. */
function put(owner: object, key: PropertyKey, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(owner, key) ?? {};
  Object.defineProperty(owner, key, { ...before, value });
  onTestFinished(() => void Object.defineProperty(owner, key, before));
}

test("nothing is touched where nobody did anything", () => {
  expect(new SharedMethods().touched()).toBeUndefined();
});

test.each([
  ["RegExp.prototype.exec", RegExp.prototype, "exec"],
  ["RegExp.prototype.Symbol(Symbol.replace)", RegExp.prototype, Symbol.replace],
  ["EventEmitter.prototype.emit", EventEmitter.prototype, "emit"],
  ["Buffer.from", Buffer, "from"],
  ["process.exit", process, "exit"],
])("%s is found to be another", (name, owner: object, key) => {
  const methods = new SharedMethods();
  put(owner, key, () => null);
  expect(methods.touched()).toBe(name);
});

test("what was put there before the code was loaded is what it is to be", () => {
  put(EventEmitter.prototype, "emit", () => true);
  expect(new SharedMethods().touched()).toBeUndefined();
});

test("how stacks are written is set back to what it was, without a word", () => {
  const { stackTraceLimit, prepareStackTrace } = Error;
  const methods = new SharedMethods();
  Error.stackTraceLimit = 1;
  Error.prepareStackTrace = () => "mine";
  expect(methods.touched()).toBeUndefined();
  expect([Error.stackTraceLimit, Error.prepareStackTrace]).toEqual([stackTraceLimit, prepareStackTrace]);
});

test("a getter that throws is another, too", () => {
  const methods = new SharedMethods();
  const before = Object.getOwnPropertyDescriptor(RegExp.prototype, "exec") ?? {};
  onTestFinished(() => void Object.defineProperty(RegExp.prototype, "exec", before));
  const fail = () => {
    throw new Error("got");
  };
  Object.defineProperty(RegExp.prototype, "exec", { get: fail, configurable: true });
  const touched = methods.touched();
  Object.defineProperty(RegExp.prototype, "exec", before);
  expect(touched).toBe("RegExp.prototype.exec");
  Object.defineProperty(Error, "prepareStackTrace", { get: fail, configurable: true });
  expect(methods.touched()).toBeUndefined();
});

test("what can't be set back is said", () => {
  const methods = new SharedMethods();
  const { defineProperty } = Reflect;
  Error.stackTraceLimit = 3;
  put(Reflect, "defineProperty", (owner: object, ...rest: [PropertyKey, PropertyDescriptor]) =>
    owner === Error ? false : defineProperty(owner, ...rest),
  );
  expect(methods.touched()).toBe("Error.stackTraceLimit");
  Error.stackTraceLimit = 10;
});
