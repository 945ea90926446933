import { MessageChannel, MessagePort } from "node:worker_threads";
import { expect, onTestFinished, test, vi } from "vitest";
import { lockPort } from "../threads/lock-globals.ts";

test("the way between a thread and its worker can't be closed or made deaf, and goes on carrying what is said", async () => {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => MessagePort.prototype.close.call(port1));
  const heard: unknown[] = [];
  port1.on("message", (message) => heard.push(message));
  lockPort(port1);
  const sentence = "Workflow code can't use the way between its thread and the worker.";
  expect(() => port1.close()).toThrow(sentence);
  expect(() => port1.removeAllListeners()).toThrow(sentence);
  expect(() => Object.assign(port1, { close: () => {} })).toThrow(TypeError);
  expect(() => Object.defineProperty(port1, "close", { value: () => {} })).toThrow(TypeError);
  port2.postMessage("still there");
  await vi.waitFor(() => expect(heard).toEqual(["still there"]), { timeout: 60_000 });
});
