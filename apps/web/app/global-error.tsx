"use client";

interface GlobalErrorProps {
  readonly error: Error;
  readonly reset: () => void;
}

/** When even the frame of the dashboard fails: no style sheet can be relied on. */
export default function GlobalError({ error, reset }: GlobalErrorProps) {
  return (
    <html lang="en" style={{ colorScheme: "light dark" }}>
      <body
        style={{
          font: "15px/1.5 system-ui, sans-serif",
          margin: "18vh auto",
          maxWidth: "32rem",
          padding: "0 1rem",
        }}
      >
        <title>Downbeat: a fault in the dashboard</title>
        <h1 style={{ fontSize: "1.3rem" }}>The dashboard has a fault</h1>
        <p>Your runs are not affected: they go on without it.</p>
        <pre style={{ whiteSpace: "pre-wrap" }}>{error.message}</pre>
        <button type="button" onClick={reset}>
          Try again
        </button>
      </body>
    </html>
  );
}
