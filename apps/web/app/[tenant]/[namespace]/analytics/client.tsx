"use client";

import type { AnalyticsAbout, SavedQuery } from "@downbeat/api/views";
import { clsx } from "clsx";
import { Lock, PanelLeft } from "lucide-react";
import dynamic from "next/dynamic";
import { useRef, useState } from "react";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { DeleteQueryDialog } from "@/features/analytics/delete-query-dialog.tsx";
import { QueryBar } from "@/features/analytics/query-bar.tsx";
import { Heading, QueryList } from "@/features/analytics/query-list.tsx";
import { QueryStatus } from "@/features/analytics/query-status.tsx";
import { Result } from "@/features/analytics/result.tsx";
import { ResultBar } from "@/features/analytics/result-bar.tsx";
import { statementFor } from "@/features/analytics/sample.ts";
import { SaveDialog } from "@/features/analytics/save-dialog.tsx";
import { SchemaBrowser } from "@/features/analytics/schema-browser.tsx";
import { sourceWords } from "@/features/analytics/source-words.ts";
import type { SqlEditorHandle } from "@/features/analytics/sql-editor.tsx";
import { useQuerySchema, useQuerySources, useSavedQueries } from "@/features/analytics/use-analytics.ts";
import { useSqlQuery } from "@/features/analytics/use-sql-query.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useSearchState } from "@/lib/use-search-state.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { PageHeader } from "@/shell/page-header.tsx";
import { messageOf } from "@/trpc/trouble.ts";
import {
  type AnalyticsParams,
  parseAnalyticsParams,
  rowLimits,
  serializeAnalyticsParams,
} from "./search-params.ts";

// The editor is far bigger than every other page.
const SqlEditor = dynamic(() => import("@/features/analytics/sql-editor.tsx"), {
  ssr: false,
  loading: () => <div aria-hidden className="skeleton m-3 h-16" />,
});

const urlState = { parse: parseAnalyticsParams, serialize: serializeAnalyticsParams };

/** Any other question. */
export function AnalyticsClient() {
  const refusal = useRefusal("askSql");
  const sources = useQuerySources();
  const [first] = sources.data?.sources ?? [];
  return (
    <>
      {sources.data !== undefined && first !== undefined ? (
        <Workbench sources={sources.data.sources} first={first} />
      ) : (
        <>
          <PageHeader title="Analytics" />
          {refusal !== undefined ? (
            <EmptyState icon={Lock} title={refusal}>
              With your role, every other page shows what runs do and did.
            </EmptyState>
          ) : sources.isError ? (
            <ErrorState what="this page" error={sources.error} onRetry={() => sources.refetch()} />
          ) : (
            <div role="status" aria-busy="true" aria-label="Loading queries and tables" className="px-6 py-3">
              <div className="skeleton mb-3 h-40" />
              <div className="skeleton h-8" />
            </div>
          )}
        </>
      )}
    </>
  );
}

interface WorkbenchProps {
  readonly sources: readonly AnalyticsAbout[];
  readonly first: AnalyticsAbout;
}

const noTables: readonly never[] = [];

function Workbench({ sources, first }: WorkbenchProps) {
  const [params, change] = useSearchState<AnalyticsParams>(urlState);
  const source = sources.find(({ id }) => id === params.source) ?? first;
  const [sql, setSql] = useState(params.sql ?? source.examples[0]?.sql ?? "");
  // As it was when it was opened: what is saved takes the place of that version and no other.
  const [opened, setOpened] = useState<SavedQuery>();
  const [isListOpen, setListOpen] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const [doomed, setDoomed] = useState<SavedQuery>();
  const [asked, setAsked] = useState<string>();
  const [note, setNote] = useState<string>();
  const editor = useRef<SqlEditorHandle>(null);
  const schema = useQuerySchema(source.id);
  const saved = useSavedQueries();
  const query = useSqlQuery();
  const { answer, running, refusal, cancel } = query;
  const newer = saved.data?.queries.find(
    ({ id, version }) => id === opened?.id && version !== opened.version,
  );
  const isGone = opened !== undefined && saved.data?.queries.every(({ id }) => id !== opened.id) === true;
  const tables = schema.data?.tables ?? noTables;
  // Marked only as long as the text is the one that was refused.
  const problem =
    refusal?.line !== undefined && refusal.column !== undefined && asked === sql
      ? { line: refusal.line, column: refusal.column, message: refusal.message }
      : undefined;
  const inAddress = ({ id }: AnalyticsAbout) => (id === first.id ? undefined : id);

  function run(statement = sql, where = source): void {
    if (statement.trim() === "") return;
    change({ sql: statement, source: inAddress(where) });
    setAsked(statement);
    setNote(undefined);
    void query.run({ sql: statement, source: where.id, maxRows: params.rows });
  }

  function choose(next: AnalyticsAbout): void {
    const statement = statementFor(sql, source, next);
    setSql(statement);
    change({ source: inAddress(next), ...(statement !== sql && { sql: undefined }) });
  }

  function open(statement: string): void {
    setSql(statement);
    setListOpen(false);
    editor.current?.focus();
  }

  function openSaved(each: SavedQuery): void {
    open(each.sql);
    setOpened(each);
    const known = sources.find(({ id }) => id === each.source);
    if (known !== undefined) run(each.sql, known);
    else {
      const name = sourceWords(each.source).name;
      setNote(`“${each.name}” was saved for ${name}, which this server does not have, so it was not run.`);
    }
  }

  useCommands([
    { id: "run", label: "Run the query", group: "This page", keys: "mod+Enter", run: () => run() },
    { id: "cancel", label: "Cancel the query", group: "This page", keys: "Escape", run: cancel },
    { id: "save", label: "Save the query", group: "This page", keys: "s", run: () => setSaving(true) },
    {
      id: "edit",
      label: "Edit the query",
      group: "This page",
      keys: "e",
      run: () => editor.current?.focus(),
    },
  ]);

  return (
    <>
      <PageHeader title="Analytics">
        <Button
          className="min-[901px]:hidden"
          aria-expanded={isListOpen}
          aria-controls="queries-and-tables"
          onClick={() => setListOpen(!isListOpen)}
        >
          <PanelLeft aria-hidden size={14} /> Queries and tables
        </Button>
      </PageHeader>
      <p className="-mt-2 px-6 pb-2 text-ink-2 text-small max-[700px]:mt-0 max-[700px]:px-3">
        {source.reach}{" "}
        {sources.length === 1 && source.id === "readModel"
          ? "With Pulsar SQL, this page also queries everything that the log keeps, in Trino’s SQL."
          : null}
      </p>
      <div className="flex min-h-0 flex-1 border-line border-t max-[900px]:flex-none max-[900px]:flex-col">
        <aside
          id="queries-and-tables"
          aria-label="Queries and tables"
          className={clsx(
            "w-66 shrink-0 overflow-y-auto border-line border-r bg-surface px-2 pb-4",
            "max-[900px]:w-full max-[900px]:border-r-0 max-[900px]:border-b",
            !isListOpen && "max-[900px]:hidden",
          )}
        >
          <QueryList
            saved={saved.data?.queries}
            problem={saved.isError ? messageOf(saved.error) : undefined}
            sources={sources}
            examples={source.examples}
            openId={opened?.id}
            onOpen={openSaved}
            onExample={(statement) => {
              open(statement);
              setOpened(undefined);
              run(statement);
            }}
            onDelete={setDoomed}
          />
          <Heading>Tables</Heading>
          {schema.isPending ? <div aria-hidden className="skeleton mx-2 h-20" /> : null}
          <SchemaBrowser tables={tables} onInsert={(name) => editor.current?.insert(name)} />
        </aside>
        <div className="flex min-w-0 flex-1 flex-col max-[900px]:flex-none">
          <div className="h-60 shrink-0 bg-surface max-[900px]:h-40">
            <SqlEditor
              value={sql}
              onChange={setSql}
              onRun={() => run()}
              onCancel={cancel}
              dialect={source.dialect}
              tables={tables}
              problem={problem}
              handle={editor}
            />
          </div>
          <QueryBar
            canRun={sql.trim() !== ""}
            isRunning={running !== undefined}
            onRun={() => run()}
            onCancel={cancel}
            onSave={() => setSaving(true)}
            sources={sources}
            source={source}
            onSource={choose}
            rowLimits={rowLimits}
            rows={params.rows}
            onRows={(rows) => change({ rows })}
          />
          {schema.isError ? (
            <p role="alert" className="border-line border-b bg-surface px-3 py-2">
              {messageOf(schema.error)}
            </p>
          ) : null}
          {note === undefined ? null : (
            <p role="alert" className="border-line border-b bg-surface px-3 py-2">
              {note}
            </p>
          )}
          {newer === undefined && !isGone ? null : (
            <p role="status" className="flex items-center gap-3 border-line border-b bg-surface px-3 py-2">
              {newer === undefined
                ? `“${opened?.name}” was deleted meanwhile; what you have here stays.`
                : `${newer.savedBy} saved another version of “${newer.name}” meanwhile; what you have here stays.`}
              {newer === undefined ? null : (
                <Button size="small" onClick={() => openSaved(newer)}>
                  Open it
                </Button>
              )}
            </p>
          )}
          {answer === undefined && running === undefined && refusal === undefined ? null : (
            <ResultBar answer={answer} view={params.view} onView={(view) => change({ view })}>
              <QueryStatus
                {...query}
                other={sources.find(({ id }) => id !== source.id)}
                onOther={choose}
                onCancelOther={() => {
                  void query.cancelOther().then(() => run());
                }}
              />
            </ResultBar>
          )}
          <div className="min-h-0 flex-1 bg-surface max-[900px]:h-[440px] max-[900px]:flex-none">
            <Result answer={answer} view={params.view} isRunning={running !== undefined} />
          </div>
        </div>
      </div>
      <SaveDialog
        open={isSaving}
        onOpenChange={setSaving}
        query={{ sql, source: source.id }}
        current={opened}
        onSaved={async (query) => {
          await saved.refresh();
          setOpened(query);
          setSaving(false);
        }}
        onOpenOther={(other) => {
          setSaving(false);
          openSaved(other);
        }}
      />
      <DeleteQueryDialog
        query={doomed}
        onClose={() => setDoomed(undefined)}
        onDeleted={async ({ id }) => {
          await saved.refresh();
          if (id === opened?.id) setOpened(undefined);
          setDoomed(undefined);
        }}
      />
    </>
  );
}
