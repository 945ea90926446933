import { job, workflow } from "@downbeat/sdk";

export const greet = job<{ name: string }, string>("greet");

export const welcome = workflow("welcome", (run, name: string) => run.job(greet, { name }));

export const workflows = [welcome];
