import { handle } from "@downbeat/sdk/worker";
import { greet } from "./workflows.ts";

export const jobs = [handle(greet, ({ name }) => `Hello, ${name}!`)];
