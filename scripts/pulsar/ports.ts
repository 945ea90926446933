import { once } from "node:events";
import { createServer } from "node:net";

/** @throws Error that names the option with which to choose another */
export async function checkFree(ports: Readonly<Record<string, number>>): Promise<void> {
  for (const [option, port] of Object.entries(ports)) {
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE")
        throw new Error(`Port ${port} is in use. Choose another with --${option}.`);
      throw error;
    });
    await new Promise((resolve) => server.close(resolve));
  }
}

/** @throws Error that names the option */
export function portOf(option: string, text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new Error(`--${option} can't be ${JSON.stringify(text)}: give a port from 1 to 65535.`);
}
