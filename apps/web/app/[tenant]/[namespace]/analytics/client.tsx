"use client";

import type { AnalyticsAbout, SavedQuery } from "@downbeat/api/views";
import { Play, Save, Square } from "lucide-react";
import dynamic from "next/dynamic";
import { useRef, useState } from "react";
import { Button } from "@/components/button.tsx";
import { ErrorState, messageOf } from "@/components/error-state.tsx";
import { Select } from "@/components/field.tsx";
import { DeleteDialog } from "@/features/analytics/delete-dialog.tsx";
import { saveFile, toCsv, toJson } from "@/features/analytics/export.ts";
import { Heading, QueryList } from "@/features/analytics/query-list.tsx";
import { QueryStatus } from "@/features/analytics/query-status.tsx";
import { Result } from "@/features/analytics/result.tsx";
import { SaveDialog } from "@/features/analytics/save-dialog.tsx";
import { SchemaBrowser } from "@/features/analytics/schema-browser.tsx";
import type { SqlEditorHandle } from "@/features/analytics/sql-editor.tsx";
import { useQuerySchema, useQuerySources, useSavedQueries } from "@/features/analytics/use-analytics.ts";
import { useSqlQuery } from "@/features/analytics/use-sql-query.ts";
import { formatCount } from "@/lib/number.ts";
import { useSearchState } from "@/lib/use-search-state.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { PageHeader } from "@/shell/page-header.tsx";
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
  const sources = useQuerySources();
  const [first] = sources.data?.sources ?? [];
  return (
    <>
      {sources.data !== undefined && first !== undefined ? (
        <Workbench sources={sources.data.sources} first={first} />
      ) : (
        <>
          <PageHeader title="Analytics" />
          {sources.isError ? (
            <ErrorState what="this page" error={sources.error} onRetry={() => sources.refetch()} />
          ) : null}
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
  const [openId, setOpenId] = useState<string>();
  const [isSaving, setSaving] = useState(false);
  const [doomed, setDoomed] = useState<SavedQuery>();
  const [asked, setAsked] = useState<string>();
  const editor = useRef<SqlEditorHandle>(null);
  const schema = useQuerySchema(source.id);
  const saved = useSavedQueries();
  const query = useSqlQuery();
  const { answer, running, refusal, cancel } = query;
  const current = saved.data?.queries.find(({ id }) => id === openId);
  const tables = schema.data?.tables ?? noTables;
  // Marked only as long as the text is the one that was refused.
  const problem =
    refusal?.line !== undefined && refusal.column !== undefined && asked === sql
      ? { line: refusal.line, column: refusal.column, message: refusal.message }
      : undefined;

  function run(statement = sql, where = source.id): void {
    if (statement.trim() === "") return;
    change({ sql: statement, source: where === first.id ? undefined : where });
    setAsked(statement);
    void query.run({ sql: statement, source: where, maxRows: params.rows });
  }

  function open(statement: string, where: string, id?: string): void {
    setSql(statement);
    setOpenId(id);
    const known = sources.find((each) => each.id === where) ?? source;
    run(statement, known.id);
    editor.current?.focus();
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
      <PageHeader title="Analytics" />
      <p className="-mt-2 px-6 pb-2 text-ink-2 text-small">
        {source.reach}{" "}
        {sources.length === 1 && source.id === "readModel"
          ? "With Pulsar SQL, this page also asks everything that the log keeps, in Trino’s SQL."
          : null}
      </p>
      <div className="flex min-h-0 flex-1 border-line border-t">
        <aside
          aria-label="Queries and tables"
          className="w-66 shrink-0 overflow-y-auto border-line border-r bg-surface px-2 pb-4"
        >
          <QueryList
            saved={saved.data?.queries}
            problem={saved.isError ? messageOf(saved.error) : undefined}
            examples={source.examples}
            openId={openId}
            onOpen={(each) => open(each.sql, each.source, each.id)}
            onExample={(statement) => open(statement, source.id)}
            onDelete={setDoomed}
          />
          <Heading>Tables</Heading>
          {schema.isError ? <p className="px-2 text-ink-2 text-small">{messageOf(schema.error)}</p> : null}
          {schema.isPending ? <div aria-hidden className="skeleton mx-2 h-20" /> : null}
          <SchemaBrowser tables={tables} onInsert={(name) => editor.current?.insert(name)} />
        </aside>
        <div className="flex min-w-0 flex-1 flex-col">
          <div className="h-48 shrink-0 bg-surface">
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
          <div className="flex flex-wrap items-center gap-2 border-line border-y bg-canvas px-3 py-2">
            {running === undefined ? (
              <Button
                look="primary"
                onClick={() => run()}
                disabled={sql.trim() === ""}
                title="Ctrl or ⌘ and Enter"
              >
                <Play aria-hidden size={14} /> Run
              </Button>
            ) : (
              <Button onClick={cancel} title="Esc">
                <Square aria-hidden size={13} /> Cancel
              </Button>
            )}
            <Button onClick={() => setSaving(true)} disabled={sql.trim() === ""}>
              <Save aria-hidden size={14} /> Save
            </Button>
            {sources.length > 1 ? (
              <Select
                aria-label="Where it is asked"
                className="max-w-56"
                value={source.id}
                onChange={(event) =>
                  change({ source: event.target.value === first.id ? undefined : event.target.value })
                }
              >
                {sources.map(({ id, name, dialect }) => (
                  <option key={id} value={id}>
                    {name} ({dialect})
                  </option>
                ))}
              </Select>
            ) : null}
            <Select
              aria-label="Rows at most"
              className="max-w-44"
              value={params.rows}
              onChange={(event) => change({ rows: Number(event.target.value) })}
            >
              {rowLimits.map((limit) => (
                <option key={limit} value={limit}>
                  at most {formatCount(limit)} rows
                </option>
              ))}
            </Select>
            <QueryStatus
              {...query}
              onCancelOther={() => {
                void query.cancelOther().then(() => run());
              }}
            />
            {answer === undefined ? null : (
              <>
                <fieldset className="flex rounded-md border border-line-strong">
                  <legend className="sr-only">Show the result as</legend>
                  {(["table", "chart"] as const).map((view) => (
                    <Button
                      key={view}
                      look="quiet"
                      aria-pressed={params.view === view}
                      className={params.view === view ? "bg-sunken font-strong text-ink" : undefined}
                      onClick={() => change({ view })}
                    >
                      {view === "table" ? "Table" : "Chart"}
                    </Button>
                  ))}
                </fieldset>
                <Button onClick={() => saveFile("query.csv", "text/csv;charset=utf-8", toCsv(answer))}>
                  CSV
                </Button>
                <Button onClick={() => saveFile("query.json", "application/json", toJson(answer))}>
                  JSON
                </Button>
              </>
            )}
          </div>
          <div className="min-h-0 flex-1 bg-surface">
            <Result answer={answer} view={params.view} isRunning={running !== undefined} />
          </div>
        </div>
      </div>
      <SaveDialog
        open={isSaving}
        onOpenChange={setSaving}
        query={{ sql, source: source.id }}
        current={current}
        onSaved={async ({ id }) => {
          await saved.refresh();
          setOpenId(id);
          setSaving(false);
        }}
      />
      <DeleteDialog
        query={doomed}
        onClose={() => setDoomed(undefined)}
        onDeleted={async ({ id }) => {
          await saved.refresh();
          if (id === openId) setOpenId(undefined);
          setDoomed(undefined);
        }}
      />
    </>
  );
}
