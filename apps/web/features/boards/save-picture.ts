import { saveFile } from "@/lib/save-file.ts";

/** Around what is shown, and of the line above it, px. */
const margin = 16;
const captionHeight = 40;

/** Twice as fine as the screen, so that it can be read on a slide. */
const scale = 2;

/**
 * The whole of what is shown, as a PNG: also what scrolls off the screen.
 *
 * @throws what keeps the browser from drawing it
 */
export async function savePicture(element: HTMLElement, name: string): Promise<void> {
  const { domToBlob } = await import("modern-screenshot");
  const picture = await domToBlob(element, {
    scale,
    width: element.offsetWidth + 2 * margin,
    height: element.offsetHeight + 2 * margin + captionHeight,
    backgroundColor: getComputedStyle(document.body).backgroundColor,
    filter: (node) => !(node instanceof Element && node.matches("[data-control], [role=toolbar]")),
    onCloneNode: (copy) => {
      if (!(copy instanceof HTMLElement)) return;
      copy.style.padding = `${margin}px`;
      // Nothing scrolls in a picture.
      for (const part of copy.querySelectorAll<HTMLElement>("*"))
        if (/auto|scroll/.test(part.style?.overflow ?? "")) part.style.overflow = "hidden";
      for (const caption of copy.querySelectorAll<HTMLElement>("[data-caption]"))
        caption.style.display = "block";
    },
  });
  saveFile(`${fileName(name)}.png`, picture);
}

/** What every file system takes. */
function fileName(name: string): string {
  return (
    name
      .replaceAll(/[^\p{L}\p{N} ._-]+/gu, " ")
      .trim()
      .replaceAll(/\s+/g, "-")
      .slice(0, 80) || "board"
  );
}
