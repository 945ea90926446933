import childProcess from "node:child_process";
import crypto from "node:crypto";
import dgram from "node:dgram";
import net from "node:net";
import timers from "node:timers";
import timersOfPromises from "node:timers/promises";
import { promisify } from "node:util";
import { codeAtWork } from "../../running-code.ts";
import { NotReproducibleError } from "./not-reproducible.ts";
import { replace } from "./replace.ts";

const wait =
  "Wait with run.sleep, or give run.signal a timeout; what is to be done besides belongs into a job.";
const toJob = "Put it into a job.";
const draw = "Use run.uuid() or run.random(); what has to be secret is made in a job.";
const measure = "Use run.now().";

/** Has what no replay can repeat throw in workflow code. For everybody else it is what it was. */
export function keepOutOfBounds(): void {
  for (const name of ["setTimeout", "setInterval", "setImmediate"] as const) {
    for (const owner of [globalThis, timers, timersOfPromises]) forbid(owner, name, name, wait);
  }
  for (const name of ["wait", "yield"] as const)
    forbid(Object.getPrototypeOf(timersOfPromises.scheduler), name, `scheduler.${name}`, wait);
  forbid(AbortSignal, "timeout", "AbortSignal.timeout", wait);

  forbid(globalThis, "fetch", "fetch", toJob);
  forbid(net.Socket.prototype, "connect", "A connection to the network", toJob);
  forbid(dgram.Socket.prototype, "send", "A message to the network", toJob);
  // What `spawn`, `fork`, `exec` and `execFile` come to. Not all of it is in the types.
  const children: object & { spawn?: unknown } = childProcess.ChildProcess.prototype;
  forbid(children, "spawn", "A process of its own", toJob);
  for (const name of ["spawnSync", "execSync", "execFileSync"] as const)
    forbid(childProcess, name, name, toJob);

  for (const name of ["kill", "abort"] as const) forbid(process, name, `process.${name}`, toJob);

  // A library that draws bytes keeps some for the next caller, which may be another run: none can be given to one.
  for (const name of ["randomBytes", "randomInt", "randomFill", "randomFillSync"] as const)
    forbid(crypto, name, `crypto.${name}`, draw);
  const webCrypto: typeof globalThis.crypto = Object.getPrototypeOf(globalThis.crypto);
  forbid(webCrypto, "getRandomValues", "crypto.getRandomValues", draw);

  forbid(process, "hrtime", "process.hrtime", measure);
  forbid(process, "uptime", "process.uptime", measure);
}

function forbid<Owner extends object>(owner: Owner, name: keyof Owner, what: string, instead: string): void {
  replace(owner, name, (original) =>
    typeof original === "function" ? refusing(original, what, instead) : original,
  );
}

/** A proxy, so that it has all that the original has: `setTimeout` is known to `promisify`, `process.hrtime` has a `bigint`. */
function refusing<F extends object>(original: F, what: string, instead: string): F {
  const proxy: F = new Proxy(original, {
    apply(target, self, args): unknown {
      if (codeAtWork()?.isKeptApart === true) {
        const why =
          "can't be used in workflow code, which is run again from its history and has to come to the same.";
        throw new NotReproducibleError(`${what} ${why} ${instead}`, this.apply);
      }
      return Reflect.apply(target as () => unknown, self, args);
    },
    get(target, key): unknown {
      const value: unknown = Reflect.get(target, key);
      const isCalledInstead = key === promisify.custom || key === "bigint";
      return isCalledInstead && typeof value === "function" ? refusing(value, what, instead) : value;
    },
  });
  return proxy;
}
