import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/** Where machines of a network of their own are reached from here. */
const prefix = "10.231.7";

/** Why no network namespaces can be made here; `undefined` when they can. */
export function whyNoNamespaces(): string | undefined {
  const probe = `downbeat-probe-${process.pid}`;
  try {
    ip("netns", "add", probe);
    ip("netns", "delete", probe);
    return undefined;
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    return `network namespaces can't be made here: ${said}`;
  }
}

/** A machine as far as the network goes: a namespace with an address of its own, and names for others. */
export class Machine {
  readonly address: string;
  readonly #namespace: string;

  constructor(namespace: string, address: string) {
    this.#namespace = namespace;
    this.address = address;
  }

  /** What starts the program there. */
  command(program: string, args: readonly string[]): { readonly program: string; readonly args: string[] } {
    return { program: "ip", args: ["netns", "exec", this.#namespace, program, ...args] };
  }
}

/** Machines that reach each other and this one, each under the names it is given, as containers of one network do. */
export class Network implements Disposable {
  readonly #bridge = `dbr${process.pid}`;
  readonly #namespaces: string[] = [];

  constructor() {
    ip("link", "add", this.#bridge, "type", "bridge");
    ip("address", "add", `${prefix}.254/24`, "dev", this.#bridge);
    ip("link", "set", this.#bridge, "up");
  }

  /** @param names of machines, with their addresses, that this one knows */
  add(names: Readonly<Record<string, string>>): Machine {
    const number = this.#namespaces.length + 1;
    const namespace = `downbeat-${process.pid}-${number}`;
    const address = addressOf(number);
    const outside = `dbv${process.pid}-${number}`;
    this.#namespaces.push(namespace);
    ip("netns", "add", namespace);
    // As in a container, its own name is the address that others reach.
    const known = { localhost: "127.0.0.1", [hostname()]: address, ...names };
    const lines = Object.entries(known).map(([name, at]) => `${at} ${name}`);
    mkdirSync(join("/etc/netns", namespace), { recursive: true });
    writeFileSync(join("/etc/netns", namespace, "hosts"), `${lines.join("\n")}\n`);
    ip("link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", namespace);
    ip("link", "set", outside, "master", this.#bridge, "up");
    const inside = (...args: string[]) => ip("-n", namespace, ...args);
    inside("link", "set", "lo", "up");
    inside("address", "add", `${address}/24`, "dev", "eth0");
    inside("link", "set", "eth0", "up");
    return new Machine(namespace, address);
  }

  [Symbol.dispose](): void {
    for (const namespace of this.#namespaces) {
      ip("netns", "delete", namespace);
      rmSync(join("/etc/netns", namespace), { recursive: true, force: true });
    }
    ip("link", "delete", this.#bridge);
  }
}

/** Of the machine that is added as the first, second and so on. */
export function addressOf(number: number): string {
  return `${prefix}.${number}`;
}

function ip(...args: readonly string[]): void {
  execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
}
