import { fileURLToPath } from "node:url";

/** What `start` runs, each as a process of its own. Built, these addresses lead to what was built of them. */
export const programs = {
  engine: fileURLToPath(new URL("../../engine/src/main.ts", import.meta.url)),
  server: fileURLToPath(new URL("../../server/src/main.ts", import.meta.url)),
  dashboard: fileURLToPath(new URL("../../web/serve.ts", import.meta.url)),
  example: fileURLToPath(new URL("../../travel/src/main.ts", import.meta.url)),
  exampleWorkflows: fileURLToPath(new URL("../../travel/src/workflows.ts", import.meta.url)),
  host: fileURLToPath(new URL("./dev/host.ts", import.meta.url)),
} as const;

/** Whether this is the repository, whose dashboard is built where that is needed. The published package brings it built. */
export const fromSource = import.meta.filename.endsWith(".ts");

/** Where the dashboard's build is. */
export const dashboardFolder = fileURLToPath(
  new URL(fromSource ? "../../web" : "../dashboard", import.meta.url),
);

/** The repository's. */
export const repositoryFolder = fileURLToPath(new URL("../../..", import.meta.url));
