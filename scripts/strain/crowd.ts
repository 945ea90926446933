import { Agent, get, request } from "node:http";
import { connect, type Socket } from "node:net";
import { until } from "../lib/processes.ts";

const openWithinMs = 60_000;

/** Posts of which one letter comes, and then nothing. */
export function halfSent(url: string, path: string, count: number): readonly Socket[] {
  const { host, hostname, port } = new URL(url);
  const head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{`;
  return Array.from({ length: count }, () => {
    const socket = connect(Number(port), hostname, () => socket.write(head));
    return socket.on("error", () => {});
  });
}

/** Who asks for what is large, and takes nothing of the answer. */
export function slowReaders(url: string, path: string, count: number): readonly Socket[] {
  const { host, hostname, port } = new URL(url);
  return Array.from({ length: count }, () => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`),
    );
    return socket.on("error", () => {}).pause();
  });
}

export interface Followers {
  /** Changes that were told to those who read. */
  readonly told: () => number;
  readonly close: () => void;
}

/** Follows what happens; who doesn't read takes nothing of it. @throws Error when not all are let in */
export async function follow(url: string, count: number, reads: boolean): Promise<Followers> {
  const agent = new Agent({ maxSockets: count, keepAlive: false });
  let open = 0;
  let told = 0;
  for (let index = 0; index < count; index++) {
    get(url, { agent, headers: { accept: "text/event-stream" } }, (answer) => {
      if (answer.statusCode === 200) open += 1;
      answer.on("error", () => {});
      if (!reads) return void answer.pause();
      answer.on("data", (chunk: Buffer) => {
        if (chunk.includes("\nid: ")) told += 1;
      });
    }).on("error", () => {});
  }
  if (!(await until(() => open === count, openWithinMs)))
    throw new Error(`Only ${open} of ${count} followers were let in.`);
  return { told: () => told, close: () => agent.destroy() };
}

/** @returns the statuses; 0 where the connection ended before one came */
export async function large(url: string, bytes: number, count: number): Promise<readonly number[]> {
  const body = Buffer.alloc(bytes, "x");
  const send = () =>
    new Promise<number>((resolve) => {
      const headers = { "content-type": "application/json", "content-length": bytes };
      const asked = request(url, { method: "POST", agent: false, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      // Told what is wrong, whoever sends may find the connection closed before all is sent.
      asked.on("error", () => resolve(0));
      asked.end(body);
    });
  return Promise.all(Array.from({ length: count }, send));
}

export async function statusOf(url: string): Promise<number> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}
