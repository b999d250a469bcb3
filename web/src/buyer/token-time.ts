/** Purchase tokens live so long. */
const lifeMs = 15 * 60_000;
const earliestMs = 10 * 60_000;
const latestMs = 60_000;

/**
 * How long to wait before a purchase token is taken, so that a crowd that came together does not ask together. Early
 * enough to be there when the doors open, late enough to be good after that; where the doors are open it is now.
 *
 * @param untilOpeningMs Time until the doors open; negative once they are.
 * @param random From 0 to 1.
 */
export function waitForToken(untilOpeningMs: number, random: number): number {
  if (untilOpeningMs <= 0) return 0;
  if (untilOpeningMs > earliestMs) return untilOpeningMs - earliestMs + random * (earliestMs - latestMs);
  if (untilOpeningMs > latestMs) return random * (untilOpeningMs - latestMs);
  return random * Math.min(3_000, untilOpeningMs / 4);
}

/** How long to wait before the next token is taken in place of one that still lives so long. */
export function waitForNextToken(livesMs: number, random: number): number {
  return Math.max(0, livesMs - latestMs - random * Math.min(2 * latestMs, lifeMs / 5));
}
