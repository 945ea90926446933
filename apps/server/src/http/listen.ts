import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** @throws Error with one sentence that says what to do */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(new Error(sentence(error, port, host))));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function sentence(error: NodeJS.ErrnoException, port: number, host: string): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `Port ${port} is in use: stop what uses it, or choose another one with DOWNBEAT_PORT.`;
    case "EACCES":
      return `Port ${port} needs more rights than this process has: choose one above 1023 with DOWNBEAT_PORT.`;
    default:
      return `The server can't listen on ${host}:${port}: ${error.message}.`;
  }
}
