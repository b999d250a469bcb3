import { expect, test } from 'vitest';
import { waitForNextToken, waitForToken } from '../src/buyer/token-time';

const minute = 60_000;
const life = 15 * minute;
const draws = [0, 0.25, 0.5, 0.75, 1];

const minutes = [0.1, 0.5, 5, 9, 10, 11, 60, 24 * 60];
test.each(minutes)('%s minutes before, a token comes in time and is good at opening', (m) => {
  for (const random of draws) {
    const waitMs = waitForToken(m * minute, random);
    expect(waitMs).toBeGreaterThanOrEqual(0);
    expect(waitMs).toBeLessThan(m * minute);
    expect(m * minute - waitMs).toBeLessThanOrEqual(life - minute);
  }
});

test('a crowd that came together does not ask together', () => {
  expect(new Set(draws.map((random) => waitForToken(30 * minute, random))).size).toBe(draws.length);
});

test('once the doors are open nobody waits for a token', () => {
  expect(waitForToken(0, 0.9)).toBe(0);
  expect(waitForToken(-1, 0.9)).toBe(0);
});

test('the next token is taken before the last ends', () => {
  for (const random of draws) {
    const waitMs = waitForNextToken(life, random);
    expect(waitMs).toBeGreaterThan(life / 2);
    expect(waitMs).toBeLessThanOrEqual(life - minute);
  }
  expect(waitForNextToken(1_000, 0.5)).toBe(0);
});
