/** Brings a person to the first thing that is wrong in a form, once it is on the screen. */
export function goToFault(form: HTMLElement): void {
  requestAnimationFrame(() => {
    form.querySelector<HTMLElement>('[aria-invalid="true"], [data-fault]')?.focus();
  });
}
