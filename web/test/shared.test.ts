import { expect, test } from 'vitest';
import { backoffMs } from '../src/shared/backoff';
import { ServerClock } from '../src/shared/clock';
import { Storage } from '../src/shared/storage';
import { chooseLanguage, fill } from '../src/shared/words';

test('the server tells the time, whatever the device says, and the quickest word counts', () => {
  let ticks = 0;
  const clock = new ServerClock(() => ticks);
  ticks = 1_000;
  clock.hear(new Date(500_000).toISOString());
  expect(clock.now()).toBe(500_000);
  ticks = 2_000;
  // A word that was three seconds on its way is no reason to go back.
  clock.hear(new Date(498_000).toISOString());
  expect(clock.now()).toBe(501_000);
  clock.hear(new Date(501_400).toISOString());
  expect(clock.now()).toBe(501_400);
});

test('words of long ago are forgotten, so that a server whose clock was mended is followed', () => {
  const clock = new ServerClock(() => 0);
  clock.hear(new Date(100_000).toISOString());
  for (let i = 0; i < 8; i++) clock.hear(new Date(90_000).toISOString());
  expect(clock.now()).toBe(90_000);
});

test('what is no time is not heard', () => {
  const clock = new ServerClock(() => 0);
  clock.hear(undefined);
  clock.hear('soon');
  expect(clock.isSet).toBe(false);
});

test('waits grow, are bounded, and are never all of one length', () => {
  const at = (failures: number, random: number): number => backoffMs(failures, 100, 1_000, () => random);
  expect([1, 2, 3, 4, 5, 50].map((failures) => at(failures, 1))).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(at(3, 0)).toBe(200);
});

test('holes are filled, and what has no filling is shown', () => {
  expect(fill('{left} of {of} {why}', { left: 3, of: '10' })).toBe('3 of 10 {why}');
});

test.each([
  ['zh', null, ['en-GB'], 'zh'], [null, 'zh', ['en'], 'zh'], [null, null, ['de', 'zh-CN', 'en'], 'zh'],
  [null, null, ['de', 'fr'], 'en'], ['xx', 'yy', [], 'en'], ['en', 'zh', ['zh'], 'en'],
])('named %s, chosen %s, asked for %s: %s', (named, chosen, asked, language) => {
  expect(chooseLanguage(['en', 'zh'], named, chosen, asked)).toBe(language);
});

test('where a browser keeps nothing, the page does as long as it is open', () => {
  const storage = new Storage(() => {
    throw new Error('SecurityError');
  });
  expect(storage.get('a')).toBeNull();
  storage.set('a', 'b');
  expect(storage.get('a')).toBe('b');
  storage.set('a', null);
  expect(storage.get('a')).toBeNull();
});
