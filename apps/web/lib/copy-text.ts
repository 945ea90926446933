/** Says whether it is on the clipboard now: over plain http there is none, and elsewhere a browser may refuse. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

const onlyThere = "This browser copies only on https and localhost, and where it is allowed to";

export const notCopied = `${onlyThere}: select the text.`;
/** Of a text that is not on the page. */
export const notCopiedButSaved = `${onlyThere}: save it as a file instead.`;
