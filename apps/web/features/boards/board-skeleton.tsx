/** The shape of what comes. */
export function BoardSkeleton() {
  return (
    <div
      role="status"
      aria-busy="true"
      aria-label="Loading the board"
      className="grid grid-cols-2 gap-4 min-[900px]:grid-cols-4"
    >
      {[0, 1, 2, 3].map((each) => (
        <div key={each} className="h-29 rounded-lg border border-line bg-surface p-4">
          <div className="skeleton h-3 w-20" />
        </div>
      ))}
      {[0, 1].map((each) => (
        <div key={each} className="col-span-2 h-62 rounded-lg border border-line bg-surface p-4">
          <div className="skeleton mb-4 h-3 w-40 max-w-full" />
          <div className="skeleton h-40" />
        </div>
      ))}
    </div>
  );
}
