import type { CaseLanguage } from "../../app/[tenant]/[namespace]/case/search-params.ts";
import de from "./messages/de.json" with { type: "json" };
import en from "./messages/en.json" with { type: "json" };

export type CaseWords = Readonly<Record<keyof typeof en, string>>;

/** What stands around a case, in the language that it is told in. */
export const caseWords: Readonly<Record<CaseLanguage, CaseWords>> = { en, de };

/** Each in itself. */
export const languageNames: Readonly<Record<CaseLanguage, string>> = { en: "English", de: "Deutsch" };
