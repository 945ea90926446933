import { expect, test } from "vitest";
import { ledgerWord } from "./ledger-word.ts";

test("what stands ready in an open run is not called unneeded", () => {
  const refund = {
    compensationId: "c2",
    jobType: "refundPayment",
    undoes: "j1",
    registeredAt: 1,
    status: "registered",
  } as const;
  const notify = {
    compensationId: "c1",
    jobType: "notifyCustomer",
    registeredAt: 1,
    status: "registered",
  } as const;
  expect(ledgerWord(refund, true)).toBe("undone if the run fails");
  expect(ledgerWord(notify, true)).toBe("runs if the run fails");
  expect(ledgerWord(refund, false)).toBe("not needed");
  expect(ledgerWord({ ...notify, status: "undone" }, false)).toBe("done");
});
