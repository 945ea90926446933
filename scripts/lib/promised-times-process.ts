import { promisedTimesWorker } from "../../apps/travel/src/promised-times-worker.ts";

/** The worker of `npm run bench -- promises`, in a process of its own. */
const worker = promisedTimesWorker((problem) => console.error(problem));

process.once("SIGTERM", () => void worker.stop({ graceMs: 0 }));
