import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.useFakeTimers();
  // Whether the database answers is remembered by the module.
  vi.resetModules();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const databases = {
  'that is switched off': () => {
    throw new Error('SecurityError');
  },
  'that never answers': () => ({}),
};

test.each(Object.entries(databases))('a database %s is done without', async (_, open) => {
  const opened = vi.fn(open);
  vi.stubGlobal('indexedDB', { open: opened });
  const { agree, agreedOn } = await import('../src/shared/agreed');

  const first = agree('try', (text) => `${text} and one`);
  await vi.advanceTimersByTimeAsync(1_000);

  expect(await first).toBe('null and one');
  expect(await agree('try', (text) => `${text} and two`)).toBe('null and one and two');
  expect(await agreedOn('try')).toBe('null and one and two');
  expect(await agree('try', () => null)).toBeNull();
  expect(await agreedOn('try')).toBeNull();
  expect(opened).toHaveBeenCalledOnce();
});

test('a change that the database comes to after it was done without is not made there', async () => {
  let kept = 'before';
  const request: { result?: unknown; onsuccess?: () => void } = {};
  vi.stubGlobal('indexedDB', { open: () => request });
  const { agree } = await import('../src/shared/agreed');
  const changing = agree('try', () => 'after');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await changing).toBe('after');

  const got: { result?: unknown; onsuccess?: () => void } = { result: kept };
  const store = { get: () => got, put: (text: string) => (kept = text), transaction: {} };
  request.result = { transaction: () => ({ objectStore: () => store }) };
  request.onsuccess!();
  await vi.advanceTimersByTimeAsync(0);
  got.onsuccess!();

  expect(kept).toBe('before');
});
