/** Takes whoever sent the form to the first field that doesn't fit, once it is marked. */
export function showFirstMisfit(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => {
    const field = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
    field?.focus();
    field?.scrollIntoView({ block: "center" });
  });
}
