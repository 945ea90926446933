interface Focusable {
  focus(options?: { readonly preventScroll: boolean }): void;
}

interface DrawnFocusOptions<Key> {
  readonly find: (key: Key) => Focusable | null | undefined;
  /** The key of what has the focus now. */
  readonly focused: () => Key | undefined;
  /** Runs at the next frame; returns what calls it off. */
  readonly atNextFrame: (then: () => void) => () => void;
}

/**
 * Moves the focus to rows that a scroll may only now bring into the page: at once where the row is there,
 * and again when the scroll has been drawn, two frames later.
 *
 * Only the latest row that was asked for counts. Keys come faster than frames: a row that was left again
 * meanwhile must not take the focus back, and the next key goes on from the row that was asked for.
 */
export class DrawnFocus<Key> {
  readonly #options: DrawnFocusOptions<Key>;
  #wanted: Key | undefined;
  #callOff: () => void = () => undefined;

  constructor(options: DrawnFocusOptions<Key>) {
    this.#options = options;
  }

  /** Where the focus is, or is on its way to. */
  current(): Key | undefined {
    return this.#wanted ?? this.#options.focused();
  }

  to(key: Key): void {
    this.#callOff();
    this.#wanted = key;
    this.#focus();
    this.#callOff = this.#options.atNextFrame(() => {
      this.#callOff = this.#options.atNextFrame(() => {
        this.#focus();
        this.#wanted = undefined;
      });
    });
  }

  #focus(): void {
    if (this.#wanted !== undefined) this.#options.find(this.#wanted)?.focus({ preventScroll: true });
  }
}
