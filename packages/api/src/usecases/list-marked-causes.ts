import type { Context } from "../context.ts";
import type { MarkedCauseList } from "../views.ts";

export async function listMarkedCauses({ readModel, waits, causeMarks }: Context): Promise<MarkedCauseList> {
  const [causes, known] = await Promise.all([waits.causes(), causeMarks.upToNow()]);
  const marks = known.toSorted((a, b) => b.at - a.at || (a.fingerprint < b.fingerprint ? -1 : 1));
  const standings = readModel.causeStandings(marks, causes);
  return {
    causes: marks.flatMap((mark, index) => ({ mark, ...(standings[index] ?? { standing: "open" }) })),
  };
}
