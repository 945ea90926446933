import { messageLogContract } from "../src/contract.ts";
import { systemClock } from "../src/index.ts";
import { MemoryLog } from "../src/memory/index.ts";

const keepsNothing = "it keeps nothing";

messageLogContract(
  "the log in memory",
  async () => {
    const log = new MemoryLog({ clock: systemClock });
    return { log, close: () => log.close() };
  },
  {
    skips: {
      "a subscription and its position survive the log's restart": keepsNothing,
      "a time leads to the same message after the log was opened again": keepsNothing,
      "delays survive the log's restart": keepsNothing,
    },
  },
);
