import type { ReactNode } from "react";

interface OneVersionProps {
  /** Whose. */
  readonly title: string;
  /** What it says, in a sentence. */
  readonly about?: ReactNode;
  /** The same at length; absent: the sentence says it all, or the text stays as it was. */
  readonly text?: ReactNode;
}

/** What one of two people made of something that both changed. */
export function OneVersion({ title, about, text }: OneVersionProps) {
  return (
    <figure className="mb-3">
      <figcaption className="mb-1 font-strong text-small">{title}</figcaption>
      {about === undefined ? null : <p className="mb-1 break-words">{about}</p>}
      {text === undefined ? null : (
        <div className="max-h-40 overflow-auto whitespace-pre-wrap break-words rounded-md border border-line bg-canvas px-3 py-2 text-small">
          {typeof text === "string" ? <pre className="whitespace-pre-wrap font-mono">{text}</pre> : text}
        </div>
      )}
    </figure>
  );
}
