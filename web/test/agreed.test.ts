import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** What a database does is said here, step by step: those of browsers fail in ways that none can be made to. */
class Database {
  readonly kept = new Map<string, unknown>();
  opened = 0;
  /** Whether it opens when asked, or when told. */
  isSlow = false;
  /** Whether transactions end once their requests have, or never. */
  commits = true;
  /** How many transactions fail from now on. */
  failures = 0;
  private readonly waiting: (() => void)[] = [];

  open(): object {
    this.opened++;
    const request: { result?: unknown; onsuccess?: () => void } = {};
    const succeed = (): void => {
      request.result = { transaction: () => this.transaction() };
      request.onsuccess!();
    };
    if (this.isSlow) this.waiting.push(succeed);
    else queueMicrotask(succeed);
    return request;
  }

  answer(): void {
    for (const succeed of this.waiting.splice(0)) succeed();
  }

  private transaction(): object {
    if (this.failures-- > 0) throw new Error('InvalidStateError: the connection is closing');
    const transaction: { oncomplete?: () => void } = {};
    const get = (name: string): object => {
      const request: { result?: unknown; onsuccess?: () => void } = {};
      queueMicrotask(() => {
        request.result = this.kept.get(name);
        request.onsuccess!();
        if (this.commits) queueMicrotask(() => transaction.oncomplete?.());
      });
      return request;
    };
    const put = (value: unknown, name: string): void => void this.kept.set(name, structuredClone(value));
    return { objectStore: () => ({ get, put, transaction }) };
  }
}

let database: Database;
let copies: Map<string, string>;

beforeEach(() => {
  vi.useFakeTimers();
  database = new Database();
  copies = new Map();
  vi.stubGlobal('indexedDB', database);
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => copies.get(name) ?? null,
    setItem: (name: string, text: string) => void copies.set(name, text),
    removeItem: (name: string) => void copies.delete(name),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page that is opened: it knows nothing of what another found the database to be like. */
async function openPage() {
  vi.resetModules();
  return import('../src/shared/agreed');
}

async function after<T>(ms: number, promise: Promise<T>): Promise<T> {
  await vi.advanceTimersByTimeAsync(ms);
  return promise;
}

test('a change sees all earlier ones, and a copy that is late does not count', async () => {
  const page = await openPage();
  expect(await page.agree('try', (text) => `${text}, one`)).toBe('null, one');
  copies.clear();
  expect(await page.agree('try', (text) => `${text}, two`)).toBe('null, one, two');
  expect(await page.agreedOn('try')).toBe('null, one, two');
  expect(page.lastKnown('try')).toBe('null, one, two');
  expect(await page.agree('try', () => null)).toBeNull();
  expect(await page.agreedOn('try')).toBeNull();
});

test.each([
  ['is switched off', () => vi.stubGlobal('indexedDB', undefined)],
  ['never opens', () => (database.isSlow = true)],
  ['never commits', () => (database.commits = false)],
])('a database that %s is done without, and what was changed meanwhile is taken over later', async (_, spoil) => {
  await (await openPage()).agree('try', () => 'before');
  spoil();
  const page = await openPage();
  expect(await after(1_000, page.agree('try', (text) => `${text}, one`))).toBe('before, one');
  expect(await page.agree('try', (text) => `${text}, two`)).toBe('before, one, two');

  database.isSlow = false;
  database.commits = true;
  vi.stubGlobal('indexedDB', database);
  const later = await openPage();
  expect(await later.agreedOn('try')).toBe('before, one, two');
  expect(await later.agree('try', (text) => `${text}, three`)).toBe('before, one, two, three');
});

test('a change that the database comes to too late is not made there', async () => {
  database.isSlow = true;
  const page = await openPage();
  expect(await after(1_000, page.agree('try', () => 'after'))).toBe('after');
  database.answer();
  await vi.advanceTimersByTimeAsync(0);
  expect(database.kept.get('try')).toBeUndefined();
});

test('a change whose time is not over is made, whoever else has given up', async () => {
  database.isSlow = true;
  const page = await openPage();
  const reading = page.agreedOn('try');
  await vi.advanceTimersByTimeAsync(500);
  const changing = page.agree('try', () => 'clicked');
  expect(await after(600, reading)).toBeNull();
  database.answer();
  expect(await after(0, changing)).toBe('clicked');
  expect(database.kept.get('try')).toEqual({ turn: 1, text: 'clicked' });
  expect(await page.agreedOn('try')).toBe('clicked');
});

test('a change that is written and not confirmed in time is not made again', async () => {
  database.commits = false;
  const page = await openPage();
  let drawn = 0;
  expect(await after(1_000, page.agree('try', () => `key ${++drawn}`))).toBe('key 1');
  expect(database.kept.get('try')).toEqual({ turn: 1, text: 'key 1' });
});

test('a connection that has broken is made again', async () => {
  const page = await openPage();
  await page.agree('try', () => 'before');
  database.failures = 1;
  expect(await page.agree('try', (text) => `${text} and after`)).toBe('before and after');
  expect([database.opened, database.kept.get('try')]).toEqual([2, { turn: 2, text: 'before and after' }]);
});

const damaged = ['', 'nonsense', '{}', '{"turn":1}', '{"turn":"a","text":"b"}', '3'];

test.each(damaged)('a copy of %j is none', async (json) => {
  copies.set('try', json);
  expect((await openPage()).lastKnown('try')).toBeNull();
});
