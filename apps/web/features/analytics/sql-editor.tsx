"use client";

import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import type { ColdTable } from "@downbeat/api/views";
import { type RefObject, useEffect, useEffectEvent, useRef } from "react";
import { reachableCompletions } from "./completion-list.ts";
import { sqlLanguage } from "./completions.ts";
import { editorLook } from "./editor-look.ts";

export interface SqlEditorHandle {
  readonly insert: (text: string) => void;
  readonly focus: () => void;
}

export interface SqlEditorProps {
  readonly value: string;
  readonly onChange: (sql: string) => void;
  readonly onRun: () => void;
  readonly onCancel: () => void;
  readonly dialect: "SQLite" | "Trino";
  readonly tables: readonly ColdTable[];
  /** Line and column from 1. */
  readonly problem?: { readonly line: number; readonly column: number; readonly message: string } | undefined;
  readonly handle: RefObject<SqlEditorHandle | null>;
}

/** Tab leaves it, as everywhere on the page; while completions are open it takes the chosen one. */
export default function SqlEditor(props: SqlEditorProps) {
  const { value, dialect, tables, problem, handle } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const language = useRef(new Compartment());
  const change = useEffectEvent((sql: string) => props.onChange(sql));
  const run = useEffectEvent(() => props.onRun());
  const cancel = useEffectEvent(() => props.onCancel());
  const initial = useEffectEvent(() => ({ doc: value, language: sqlLanguage(dialect, tables) }));

  useEffect(() => {
    if (place.current === null) return;
    const start = initial();
    const runKey = {
      key: "Mod-Enter",
      preventDefault: true,
      run: (editor: EditorView) => {
        // What was offered while typing would take the next Escape, which is for cancelling.
        closeCompletion(editor);
        run();
        return true;
      },
    };
    const cancelKey = {
      key: "Escape",
      run: () => {
        cancel();
        return true;
      },
    };
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: start.doc,
        extensions: [
          Prec.highest(keymap.of([runKey, { key: "Tab", run: acceptCompletion }])),
          lineNumbers(),
          highlightActiveLineGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ icons: false }),
          reachableCompletions,
          keymap.of([
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...defaultKeymap,
            ...historyKeymap,
            cancelKey,
          ]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": "SQL", tabindex: "0" }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) change(update.state.doc.toString());
          }),
          language.current.of(start.language),
          editorLook,
        ],
      }),
    });
    view.current = editor;
    handle.current = {
      insert: (text) => {
        editor.dispatch(editor.state.replaceSelection(text));
        editor.focus();
      },
      focus: () => editor.focus(),
    };
    return () => {
      handle.current = null;
      editor.destroy();
    };
  }, [handle]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(sqlLanguage(dialect, tables)) });
  }, [dialect, tables]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined) return;
    editor.dispatch(
      setDiagnostics(editor.state, problem === undefined ? [] : [diagnosticOf(editor, problem)]),
    );
  }, [problem]);

  return <div ref={place} className="h-full overflow-hidden" />;
}

function diagnosticOf(editor: EditorView, { line, column, message }: NonNullable<SqlEditorProps["problem"]>) {
  const { doc } = editor.state;
  const start = doc.line(Math.min(line, doc.lines));
  const from = Math.min(start.from + column - 1, start.to);
  const word = /^(?:[\w$]+|\S)/.exec(doc.sliceString(from, start.to));
  // What is missing at the end is marked at what stands there last.
  const marked =
    word === null ? { from: Math.max(start.from, from - 1), to: from } : { from, to: from + word[0].length };
  return { ...marked, severity: "error" as const, message };
}
