/** The shape of what comes. */
export function OverviewSkeleton() {
  return (
    <div role="status" aria-busy="true" aria-label="Counting" className="flex flex-col gap-4">
      <div className="h-[94px] rounded-lg border border-line bg-surface p-4">
        <div className="skeleton mb-3 h-3 w-1/2" />
        <div className="skeleton h-6 w-2/3" />
      </div>
      <div className="grid gap-4 xl:grid-cols-2">
        {[0, 1].map((each) => (
          <div key={each} className="h-[220px] rounded-lg border border-line bg-surface p-4">
            <div className="skeleton mb-4 h-3 w-40" />
            <div className="skeleton h-36" />
          </div>
        ))}
      </div>
      <div className="h-48 rounded-lg border border-line bg-surface p-4">
        <div className="skeleton h-3 w-24" />
      </div>
    </div>
  );
}
