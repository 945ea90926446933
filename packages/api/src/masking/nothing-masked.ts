import type { ReadModel } from "@downbeat/read-model";
import { Masking } from "./masking.ts";
import { Reveals } from "./reveals.ts";

/** For tests: a namespace in which nobody has declared anything as personal. */
export const nothingMasked = {
  masking: new Masking({
    readModel: {} as ReadModel,
    announcements: { personal: { known: async () => {}, rules: () => [] } },
  }),
  reveals: new Reveals(() => 0),
};
