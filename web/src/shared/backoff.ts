/** How long to wait after so many failures in a row: growing, bounded, and never the same for two. */
export function backoffMs(
  failures: number, baseMs: number, mostMs: number, random: () => number = Math.random,
): number {
  const ceiling = Math.min(mostMs, baseMs * 2 ** Math.max(0, failures - 1));
  return ceiling / 2 + (ceiling / 2) * random();
}
