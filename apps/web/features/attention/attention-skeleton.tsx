/** The shape of what comes. */
export function AttentionSkeleton() {
  return (
    <div
      role="status"
      aria-busy="true"
      aria-label="Loading what needs you"
      className="flex min-h-0 flex-1 border-line border-t bg-surface"
    >
      <div className="w-[320px] border-line border-r">
        {[0, 1, 2].map((each) => (
          <div key={each} className="border-line border-b px-6 py-3">
            <div className="skeleton mb-2 h-4 w-32" />
            <div className="skeleton mb-2 h-3 w-52" />
            <div className="skeleton h-3 w-24" />
          </div>
        ))}
      </div>
      <ItemsShape />
    </div>
  );
}

/** Of one cause's items, while they are asked for. */
export function ItemsSkeleton() {
  return (
    <div
      role="status"
      aria-busy="true"
      aria-label="Loading what this cause has stopped"
      className="flex min-w-0 flex-1"
    >
      <ItemsShape />
    </div>
  );
}

function ItemsShape() {
  return (
    <div className="flex-1 px-6 py-4">
      <div className="skeleton mb-6 h-12" />
      {[0, 1, 2, 3].map((each) => (
        <div key={each} className="skeleton mb-4 h-8" />
      ))}
    </div>
  );
}
