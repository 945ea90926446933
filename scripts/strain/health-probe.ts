import { get } from "node:http";
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";

/** A thread of its own, which those who make the load don't hold up: asks for `/healthz` again and again, and tells how long each answer took (ms) when it is asked. */

const everyMs = 20;
const { url } = z.object({ url: z.string() }).parse(workerData);
let took: number[] = [];
let failed = 0;

function ask(): void {
  const began = performance.now();
  const next = () => setTimeout(ask, everyMs);
  get(url, { agent: false }, (answer) => {
    answer.resume();
    answer.once("end", () => {
      if (answer.statusCode === 200) took.push(performance.now() - began);
      else failed += 1;
      next();
    });
  }).once("error", () => {
    failed += 1;
    next();
  });
}

parentPort?.on("message", () => {
  parentPort?.postMessage({ took, failed });
  took = [];
  failed = 0;
});
ask();
