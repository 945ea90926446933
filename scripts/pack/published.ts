/** What is published, and what of it is built from where. */
export interface Published {
  readonly name: string;
  /** The workspace that it is made of. */
  readonly folder: string;
  /** What others import, by the names of `exports`; each is a line in the workspace's package.json. These of them stay inside. */
  readonly inner: readonly string[];
  /** Programs that are started by their path: name of the built file, and the source. */
  readonly programs: Readonly<Record<string, string>>;
  /** Types for those who import it. */
  readonly typed: boolean;
  /** Other people's packages that are built in; NOTICE names them. */
  readonly alsoBundled: readonly string[];
  /** Also in the package, as it is. */
  readonly files: readonly string[];
  readonly description: string;
  readonly keywords: readonly string[];
}

const keywords = ["workflow", "orchestration", "durable execution", "saga", "event sourcing", "pulsar"];

export const published: readonly Published[] = [
  {
    name: "@downbeat/sdk",
    folder: "packages/sdk",
    inner: ["./decisions"],
    programs: {},
    typed: true,
    alsoBundled: [],
    files: ["README.md"],
    description:
      "Workflows that survive crashes, as TypeScript functions: workflow, job, worker and client of Downbeat",
    keywords,
  },
  {
    name: "downbeat",
    folder: "apps/cli",
    inner: [],
    programs: { main: "src/main.ts" },
    typed: false,
    // Installed beside it, they would bring a whole compiler along.
    alsoBundled: ["@trpc/server", "@trpc/client"],
    files: ["README.md", "bin"],
    description:
      "Workflows that survive crashes, and a dashboard to watch and fix them: engine, log, server and dashboard in one command",
    keywords: [...keywords, "cli"],
  },
  {
    name: "create-downbeat",
    folder: "apps/create",
    inner: [],
    programs: { main: "src/main.ts" },
    typed: false,
    alsoBundled: [],
    files: ["README.md", "bin", "templates"],
    description: "npm create downbeat: a small project with a workflow, its jobs and a test, to begin with",
    keywords,
  },
];
