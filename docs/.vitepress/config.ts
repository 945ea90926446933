import { defineConfig } from "vitepress";

const pages = (...entries: (readonly [text: string, link: string])[]) =>
  entries.map(([text, link]) => ({ text, link }));

export default defineConfig({
  title: "Downbeat",
  description: "Business processes as TypeScript functions, on a durable log",
  cleanUrls: true,
  srcExclude: ["node_modules/**"],
  // A page links to files of the repository as well, which a test checks.
  ignoreDeadLinks: [/\.\.\//, /^\.\/decisions\/index$/, /localhost/],
  // `jobs-<type>` is a name, not a component.
  markdown: { html: false },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: pages(["Quick start", "/quick-start"], ["Guides", "/writing-workflows"], ["API", "/reference/"]),
    sidebar: [
      {
        text: "Begin",
        items: pages(
          ["Quick start", "/quick-start"],
          ["Concepts", "/concepts"],
          ["Coming from Temporal, BullMQ or Inngest", "/coming-from"],
          ["The words we use", "/glossary"],
        ),
      },
      {
        text: "Guides",
        items: pages(
          ["Writing workflows", "/writing-workflows"],
          ["Testing", "/testing"],
          ["Local development", "/local-development"],
          ["Logging", "/logging"],
          ["The catalogue: what workflows take", "/catalogue"],
          ["Changing workflows under open runs", "/versioning"],
          ["Deploying on Pulsar", "/deploying"],
          ["Errors, and what to do", "/errors"],
          ["Services that speak HTTP", "/http-jobs"],
        ),
      },
      {
        text: "Running it",
        items: pages(
          ["The command line", "/cli"],
          ["The embedded log", "/embedded-log"],
          ["Pulsar", "/pulsar"],
          ["Connecting to a cluster", "/connecting-to-pulsar"],
          ["Tenants and namespaces", "/tenants"],
          ["What the lights mean", "/readiness"],
          ["Reading a run", "/reading-a-run"],
          ["Ten tasks, and what each takes", "/tasks"],
          ["Bulk actions", "/bulk-actions"],
          ["Lists", "/lists"],
          ["The quarantine", "/quarantine"],
          ["Timers and waits", "/timers"],
          ["Compensation", "/compensation"],
          ["The system at a glance", "/system"],
          ["Cases in plain language", "/case"],
          ["Alerts", "/alerts"],
          ["Audit: who did what", "/audit"],
          ["Approvals: a second person", "/approvals"],
          ["Figures", "/figures"],
          ["Boards", "/boards"],
          ["Security", "/security"],
          ["Threat model", "/security/threat-model"],
          ["Against OWASP's ASVS", "/security/asvs"],
          ["Encrypted payloads", "/encryption"],
          ["What a scanner finds", "/security/scan"],
          ["Backup", "/backup"],
          ["Upgrades and downgrades", "/upgrading"],
          ["Damaged history", "/damaged-history"],
          ["Tiered storage", "/tiered-storage"],
          ["Geo-replication", "/geo-replication"],
        ),
      },
      {
        text: "Reference",
        items: pages(
          ["API", "/reference/"],
          ["Architecture", "/architecture"],
          ["What it costs", "/performance"],
          ["What was tried against it", "/hardening"],
          ["What of Pulsar is used", "/pulsar-features"],
          ["WebSocket API", "/web-socket-api"],
          ["Dependencies", "/dependencies"],
        ),
      },
    ],
  },
});
