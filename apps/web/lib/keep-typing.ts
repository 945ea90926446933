/**
 * Keeps what is typed from now on, which would go to the page as shortcuts, for the field that is focused next, and puts it there. Enter, Tab and the like do
 * nothing meanwhile: they would act on what is left behind.
 *
 * @returns what ends it, and drops what was typed
 */
export function keepTyping(): () => void {
  const ended = new AbortController();
  const options = { capture: true, signal: ended.signal };
  let typed = "";
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Escape") return;
      if ([...event.key].length === 1) typed += event.key;
      else if (event.key === "Backspace") typed = [...typed].slice(0, -1).join("");
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    options,
  );
  document.addEventListener(
    "focusin",
    ({ target }) => {
      ended.abort();
      if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return;
      // Whoever focuses it may select what is in it, which typing replaces.
      if (typed !== "") queueMicrotask(() => insert(target, typed));
    },
    options,
  );
  return () => ended.abort();
}

function insert(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  const { selectionStart, selectionEnd } = field;
  // Fields of numbers, dates and the like know no selection.
  if (selectionStart === null || selectionEnd === null) return;
  field.setRangeText(text, selectionStart, selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: text }));
}
