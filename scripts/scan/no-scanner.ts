/** The exit status of a scan for which there was no scanner to be had: no Python, or no way to PyPI. */
export const noScanner = 2;
