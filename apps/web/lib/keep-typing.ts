/** Longer, and whoever types has seen that nothing comes of it. */
const keptForMs = 5_000;

/**
 * Keeps what is typed from now on, which would go to the page as shortcuts, for the field that is focused next, and puts it there. Enter does nothing
 * meanwhile: it would act on what is left behind. Escape and a click are a change of mind, and all that is typed after them goes to the page.
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
      if (event.key === "Escape") return ended.abort();
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if ([...event.key].length === 1) typed += event.key;
      else if (event.key === "Backspace") typed = [...typed].slice(0, -1).join("");
      else if (event.key !== "Enter") return;
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
  document.addEventListener("pointerdown", () => ended.abort(), options);
  const late = setTimeout(() => ended.abort(), keptForMs);
  ended.signal.addEventListener("abort", () => clearTimeout(late), { once: true });
  return () => ended.abort();
}

function insert(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  const { selectionStart, selectionEnd } = field;
  // Fields of numbers, dates and the like know no selection.
  if (selectionStart === null || selectionEnd === null) return;
  field.setRangeText(text, selectionStart, selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: text }));
}
