/** What turns the direction of writing, or can't be seen at all, would show another text than there is. Emoji and some scripts are made with joiners: those stay. */
const unseen = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A text from outside, as it is: such characters by their numbers. */
export function shownText(text: string): string {
  return text.replaceAll(unseen, escaped);
}

/** As JSON and JavaScript write it. */
export function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
    .join("");
}
