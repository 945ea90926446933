/** Why what was asked for did not happen; nothing when it did. */
export function Problem({ children }: { children: string | undefined }) {
  if (children === undefined) return null;
  return (
    <p role="alert" className="mb-4 whitespace-pre-line rounded-md bg-stuck-soft px-3 py-2 text-stuck">
      {children}
    </p>
  );
}
