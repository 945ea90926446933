import { type AddressInfo, createServer } from "node:net";

/** Whether somebody could listen there now. */
export async function isFree(port: number, host?: string): Promise<boolean> {
  return (await listenOnce(port, host)) !== undefined;
}

/** A port that nobody listens on at the moment; the wanted one if that is so. */
export async function freePort(wanted = 0): Promise<number> {
  return (await listenOnce(wanted)) ?? (await listenOnce(0)) ?? wanted;
}

function listenOnce(port: number, host = "127.0.0.1"): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, host, () => {
      const taken = (server.address() as AddressInfo).port;
      server.close(() => resolve(taken));
    });
  });
}
