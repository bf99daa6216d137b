/** Whole years from a day of birth, `YYYY-MM-DD`, to a day; nothing for what is no day. */
export function age(birthDate: string, on: Date): number | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(birthDate);
  if (!found) return undefined;
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number];
  const had = on.getMonth() + 1 > month || (on.getMonth() + 1 === month && on.getDate() >= day);
  const years = on.getFullYear() - year - (had ? 0 : 1);
  return years < 0 ? undefined : years;
}

/** A day without a time, so that no time zone can move it. */
export function dateOnly(day: string): Date | undefined {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T12:00:00Z`) : undefined;
}
