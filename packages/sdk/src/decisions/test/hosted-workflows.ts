import type { AnyWorkflow } from "../../workflow.ts";
import * as code from "./thread-workflows.ts";

export const workflows: readonly AnyWorkflow[] = Object.values(code);
