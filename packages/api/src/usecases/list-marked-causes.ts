import { saysSomethingAt } from "../causes/cause-mark-fold.ts";
import type { Context } from "../context.ts";
import type { MarkedCauseList } from "../views.ts";

export async function listMarkedCauses({
  readModel,
  waits,
  causeMarks,
  now,
}: Context): Promise<MarkedCauseList> {
  const [causes, known] = await Promise.all([waits.causes(), causeMarks.upToNow()]);
  const marks = known
    .filter((mark) => saysSomethingAt(mark, now()))
    .toSorted((a, b) => b.at - a.at || (a.fingerprint < b.fingerprint ? -1 : 1));
  const standings = readModel.causeStandings(marks, causes);
  return {
    causes: marks.flatMap((mark, index) => ({ mark, ...(standings[index] ?? { standing: "open" }) })),
  };
}
