import { expect, test } from "vitest";
import { fileName } from "../file-name.ts";
import { runsExport, runsQuery } from "./runs.ts";

const named = (filter: object) => {
  const query = runsQuery.parse({ filter });
  return fileName("runs", runsExport.about(query), 0, "csv").replace("-1970-01-01T00-00-00Z.csv", "");
};

test("a file is named by all that narrows its list", () => {
  expect(named({})).toBe("runs");
  expect(named({ status: ["stuck"], workflow: "bookTrip", text: "eu" })).toBe("runs-stuck-bookTrip-eu");
  expect(named({ facets: [{ by: "error", values: ["TypeError"] }] })).toBe("runs-error-TypeError");
  expect(named({ facets: [{ by: "version", values: ["1", "2"], not: true }] })).toBe("runs-not-version-1-2");
  expect(named({ took: { from: 5, to: 900 } })).toBe("runs-took-from-5-ms-took-to-900-ms");
  expect(named({ by: "ended", from: 0 })).toBe("runs-ended-from-1970-01-01");
  expect(named({ by: "ended" })).toBe("runs");
});
