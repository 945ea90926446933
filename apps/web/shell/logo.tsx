/** Three beats, the first of them struck. */
export function Logo() {
  return (
    <svg aria-hidden="true" width="20" height="20" viewBox="0 0 32 32" className="shrink-0">
      <rect width="32" height="32" rx="8" className="fill-accent-strong" />
      <rect x="7" y="8" width="5" height="16" rx="2.5" fill="#fff" />
      <rect x="14.5" y="13" width="4" height="11" rx="2" fill="#fff" fillOpacity=".65" />
      <rect x="21" y="16" width="4" height="8" rx="2" fill="#fff" fillOpacity=".45" />
    </svg>
  );
}
