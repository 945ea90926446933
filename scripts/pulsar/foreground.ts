interface Server {
  start(): Promise<void>;
  stop(): Promise<void>;
  ended(): Promise<void>;
  readonly logFile: string;
}

/** Starts a server, and runs it until Ctrl-C or its own end. Resolves with the exit status. */
export async function inForeground(
  server: Server,
  ready: () => void,
  say: (line: string) => void,
): Promise<number> {
  let stopping: Promise<void> | undefined;
  const stop = () => {
    if (stopping !== undefined) return;
    say("\nStopping…");
    stopping = server.stop();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  await server.start().catch((error: unknown) => {
    if (stopping === undefined) throw error;
  });
  if (stopping === undefined) ready();
  await server.ended();
  if (stopping === undefined) {
    say(`It ended by itself. See ${server.logFile}`);
    return 1;
  }
  await stopping;
  say("Stopped.");
  return 0;
}
