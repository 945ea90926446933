export function fullDiskSentence(file: string): string {
  return `The disk that holds the log file ${file} is full: even to read the log takes some room beside it. Make room (a few MB), and start this again; nothing is lost.`;
}
