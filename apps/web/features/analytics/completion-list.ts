import { ViewPlugin } from "@codemirror/view";

/** A list that scrolls can be reached by key, by those who don't know the editor's own keys. */
export const reachableCompletions = ViewPlugin.define((view) => ({
  update() {
    view.requestMeasure({
      read: () => view.dom.querySelector<HTMLElement>(".cm-tooltip-autocomplete > ul"),
      write: (list) => {
        if (list !== null) list.tabIndex = 0;
      },
    });
  },
}));
