/** Cut to so many characters, and fit to be written as UTF-8: half of a surrogate pair becomes U+FFFD. */
export function boundedText(value: string, length: number): string {
  return (value.length <= length ? value : `${value.slice(0, length - 1)}…`).toWellFormed();
}
