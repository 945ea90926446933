/// <reference lib="dom" />
import { partitionOf } from "@downbeat/domain";
import { parseHistoryRecord, topics } from "@downbeat/protocol";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { client } from "@downbeat/sdk/client";
import { chromium } from "@playwright/test";
import { chromiumOptions } from "../../e2e/support/chromium.ts";
import { startProduct } from "../../e2e/support/product.ts";
import { trip } from "../../e2e/support/trip.ts";
import { sleep, until } from "./processes.ts";
import { newNamespace } from "./pulsar-namespace.ts";

const samples = 100;
const everyMs = 150;
const runId = "bench-live";
const appearsWithinMs = 10_000;

declare global {
  interface Window {
    /** When each of the signals was first on the page, ms since the epoch. Set by the page under test. */
    seenAt: Record<string, number>;
  }
}

/**
 * From the moment the log took an event to the frame in which a browser shows it, on the page of a run that is sent signals. Both clocks are this
 * machine's.
 *
 * @param pulsar WebSocket address of a broker. Not given: the embedded log.
 */
export async function liveBench(pulsar: string | undefined): Promise<object> {
  const cluster =
    pulsar === undefined ? undefined : { pulsar, namespace: await newNamespace(pulsar, "bench") };
  await using product = await startProduct({}, cluster);
  const { logUrl: serviceUrl, namespace } = product;
  const log = openPulsarWebSocketLog({ serviceUrl, tenant: "public", namespace });
  const sender = client({ log, actor: "bench" });
  const browser = await chromium.launch(chromiumOptions);
  try {
    const appendedAt = new Map<string, number>();
    const partition = partitionOf(runId, await log.partitionsOf("history"));
    await log.openReader(topics.history(partition), {
      from: "earliest",
      onMessage: ({ payload, publishTime }) => {
        const record = parseHistoryRecord(payload);
        if (record?.kind !== "decisions") return;
        for (const event of record.decisions.flatMap(({ events }) => events))
          if (event.type === "SignalReceived") appendedAt.set(event.name, publishTime);
      },
    });
    await product.startRun("bookTrip", trip(runId, { amountCents: 900_000 }), runId);
    // Tall enough for every event: rows outside the window are not drawn.
    const page = await browser.newPage({ viewport: { width: 1440, height: 6_000 } });
    await page.addInitScript(watchForSignals);
    await page.goto(`${product.home}/runs/${runId}`);
    await page.getByText("approval").first().waitFor();
    for (let index = 0; index < samples; index++) {
      await sender.send({
        type: "SendSignal",
        runId,
        signalId: `s${index}`,
        name: nameOf(index),
        payload: "1",
      });
      await sleep(everyMs);
    }
    const seen = () => page.evaluate(() => window.seenAt);
    await until(async () => Object.keys(await seen()).length === samples, appearsWithinMs);
    const seenAt = await seen();
    const latencies = [...appendedAt].flatMap(([name, at]) =>
      seenAt[name] === undefined ? [] : [seenAt[name] - at],
    );
    if (latencies.length < samples)
      throw new Error(`Only ${latencies.length} of ${samples} events were shown.`);
    latencies.sort((a, b) => a - b);
    const quantile = (part: number) => latencies[Math.floor((latencies.length - 1) * part)];
    return {
      events: samples,
      appendedToVisibleMs: { p50: quantile(0.5), p95: quantile(0.95), most: quantile(1) },
    };
  } finally {
    await browser.close();
    await sender.close();
    await log.close();
  }
}

function nameOf(index: number): string {
  return `beat-${String(index).padStart(3, "0")}`;
}

/** Runs in the page. */
function watchForSignals(): void {
  window.seenAt = {};
  const note = () => {
    for (const [name] of document.body.innerText.matchAll(/beat-\d{3}/g)) window.seenAt[name] ??= Date.now();
  };
  document.addEventListener("DOMContentLoaded", () => {
    // The frame after the change is the first that shows it.
    const observer = new MutationObserver(() => requestAnimationFrame(note));
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  });
}
