import { accessSync, constants } from "node:fs";
import { resolve } from "node:path";
import { CommandFailure } from "../failure.ts";

export function webSocketAddress(option: string, text: string): string {
  return address(option, text, ["ws:", "wss:"], "ws://127.0.0.1:8080").origin;
}

export function httpAddress(option: string, text: string): string {
  return address(option, text, ["http:", "https:"], "http://localhost:8080").origin;
}

export function brokerAddress(option: string, text: string): string {
  return address(option, text, ["pulsar:", "pulsar+ssl:"], "pulsar://localhost:6650").href;
}

/** @throws CommandFailure that names the option */
export function readableFile(option: string, path: string): string {
  const file = resolve(path);
  try {
    accessSync(file, constants.R_OK);
    return file;
  } catch {
    throw new CommandFailure(
      "usage",
      `${option} can't be ${JSON.stringify(path)}: there is no such file that can be read.`,
    );
  }
}

/** @throws CommandFailure that names the option */
function address(option: string, text: string, protocols: readonly string[], example: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.username !== "" || url.password !== "" || url.search !== ""))
    throw new CommandFailure(
      "usage",
      `${option} takes an address alone; a token goes into DOWNBEAT_PULSAR_TOKEN or the file of --pulsar-token-file.`,
    );
  if (url !== undefined && protocols.includes(url.protocol)) return url;
  throw new CommandFailure(
    "usage",
    `${option} can't be ${JSON.stringify(text)}: give an address such as ${example}.`,
  );
}
