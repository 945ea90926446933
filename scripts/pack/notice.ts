import type { ThirdParty } from "./third-party.ts";

const head = `Downbeat
Copyright 2026 The Downbeat authors

Licensed under the Apache License, Version 2.0; see LICENSE.

The package "downbeat" holds the built dashboard, and in it the software below, each under the licence named and quoted
here. What Next.js itself holds lies, with its licences, in the package's folder dashboard/node_modules/next/dist/compiled.
"@downbeat/sdk" and "create-downbeat" hold nobody else's software: what they use is installed beside them by npm.
`;

/** The text of NOTICE. Licences that are word for word the same are quoted once. */
export function noticeOf(software: readonly ThirdParty[]): string {
  const byText = Map.groupBy(software, ({ text, license }) => (text === "" ? license : text));
  const parts = [...byText].map(([, group]) => {
    const names = group.map(({ name, version, license }) => `${name} ${version} (${license})`).join("\n");
    const text = group[0]?.text ?? "";
    return text === "" ? `${names}\n\n(The package brings no text of its licence.)` : `${names}\n\n${text}`;
  });
  const line = "-".repeat(100);
  return `${[head, ...parts.map((part) => `${part}\n`)].join(`\n${line}\n`)}`;
}
