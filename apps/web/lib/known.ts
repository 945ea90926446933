/** What a table says of a word from outside, which a newer server may have and the table not; nor is the word a property that every object has. */
export function known<Value>(table: Readonly<Record<string, Value>>, word: string): Value | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
