import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { noticeOf } from "./pack/notice.ts";
import { bundledSoftware } from "./pack/third-party.ts";

/** `npm run notice`: writes NOTICE again, after a dependency of the dashboard has changed. */

const root = join(import.meta.dirname, "..");
const software = bundledSoftware(root);
writeFileSync(join(root, "NOTICE"), noticeOf(software));
console.log(`NOTICE names ${software.length} packages.`);
