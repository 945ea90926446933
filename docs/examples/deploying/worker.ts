import { worker } from "@downbeat/sdk/worker";
import { jobs } from "./jobs.ts";

const hosted = worker({ workflows: new URL("./workflows.ts", import.meta.url), jobs });
process.once("SIGTERM", () => void hosted.stop());
