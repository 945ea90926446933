import type { ReactNode } from "react";

interface OneVersionProps {
  /** Whose. */
  readonly title: string;
  /** What it says besides its text. */
  readonly about?: ReactNode;
  /** Absent: it stays as it was. */
  readonly text: string | undefined;
}

/** What one of two people made of a text that both changed. */
export function OneVersion({ title, about, text }: OneVersionProps) {
  return (
    <figure className="mb-3">
      <figcaption className="mb-1 font-strong text-small">{title}</figcaption>
      {about === undefined ? null : <p className="mb-1 break-words text-small">{about}</p>}
      {text === undefined ? null : (
        <pre className="max-h-40 overflow-auto whitespace-pre-wrap break-words rounded-md border border-line bg-canvas px-3 py-2 font-mono text-small">
          {text}
        </pre>
      )}
    </figure>
  );
}
