/** Light, dark, or as the device says. */

export type Theme = "system" | "light" | "dark";

const KEPT = "samspil.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

export function theme(): Theme {
  const kept = localStorage.getItem(KEPT);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function setTheme(next: Theme): void {
  if (next === "system") localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, next);
  apply();
}

/** Puts the theme on the page and keeps it right. */
export function startTheme(): void {
  dark.addEventListener("change", apply);
  apply();
}

function apply(): void {
  const wanted = theme();
  document.documentElement.dataset.theme = wanted === "system" ? (dark.matches ? "dark" : "light") : wanted;
}
