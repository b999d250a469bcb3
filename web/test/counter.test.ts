import { webcrypto } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Answer, Api } from '../src/buyer/api';
import { Counter, type Customer } from '../src/buyer/counter';
import { after, newest, type Happening, type Model } from '../src/buyer/model';
import { Notebook } from '../src/buyer/notebook';
import type { Pass } from '../src/buyer/pass';
import type { Order } from '../src/buyer/types';
import { noon, order, page } from './sale';

const lost: Answer<Order> = { ok: false, problem: 'no-answer', body: {}, retryAfterMs: null };
const refused = (problem: string): Answer<Order> => ({ ok: false, problem, body: {}, retryAfterMs: null });
const granted: Answer<Order> = { ok: true, status: 201, body: order('reserved') };

/** A reply that comes when it is given. */
function later() {
  let give: (answer: Answer<Order>) => void = () => undefined;
  const promise = new Promise<Answer<Order>>((done) => (give = done));
  return { promise, give: (answer: Answer<Order>) => give(answer) };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('crypto', webcrypto);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page whose claims are answered so, one after the other. */
function shop(...answers: (Answer<Order> | Promise<Answer<Order>>)[]) {
  const keys: string[] = [];
  const passes: string[] = [];
  const quantities: number[] = [];
  let drawn = 0;
  let pass = 'pass0';
  let model: Model = page();
  const notebook = new Notebook(() => `try-${expect.getState().currentTestName}`, () => true);
  const api = {
    claim: async (_: string, asked: { key: string; quantity: number }, with_: string | null) => {
      keys.push(asked.key);
      quantities.push(asked.quantity);
      passes.push(with_!);
      return answers.shift()!;
    },
    order: async (id: string): Promise<Answer<Order>> =>
      id === 'lamp.0' ? granted : refused('order-not-found'),
  } as unknown as Api;
  const customer: Customer = {
    saleId: 'lamp', needsPass: true, now: () => noon,
    isAsking: () => model.asking !== null,
    shown: () => newest(model)?.id ?? null,
    happened: (happening: Happening) => (model = after(model, happening)),
    readOrders: async () => undefined,
  };
  const passOf = { need: async () => pass, drop: () => (pass = `pass${++drawn}`) } as unknown as Pass;
  const counter = new Counter(api, passOf, notebook, customer);
  const buy = async (quantity = 1): Promise<void> => {
    const bought = counter.buy(quantity);
    await vi.runAllTimersAsync();
    await bought;
  };
  const push = (told: Order): void => {
    const { asking } = model;
    model = after(model, { type: 'orders', orders: [told] });
    if (asking !== null && model.asking === null) counter.told(told.id);
  };
  return { counter, buy, push, keys, passes, quantities, notebook, model: () => model };
}

test('lost replies are asked for again under one key, until there is an order', async () => {
  const { buy, keys, model, notebook } = shop(lost, refused('busy'), refused('outcome-unknown'), granted);
  await buy();
  expect(keys).toHaveLength(4);
  expect(new Set(keys).size).toBe(1);
  expect(newest(model())?.id).toBe('lamp.0');
  expect(await notebook.read()).toMatchObject({ isOpen: false, orderId: 'lamp.0' });
});

test('a click while another waits is no other', async () => {
  const { counter, buy, keys } = shop(lost, granted);
  const first = buy();
  await counter.buy();
  await first;
  expect(new Set(keys).size).toBe(1);
});

test('an order that the push brings uses the key up, and the late reply answers no later click', async () => {
  const [reply, secondReply] = [later(), later()];
  const { counter, push, keys, model } = shop(reply.promise, secondReply.promise);
  const first = counter.buy();
  await vi.advanceTimersByTimeAsync(1);
  push(order('reserved'));
  push(order('cancelled', 0, { revision: 2 }));

  const second = counter.buy();
  await vi.advanceTimersByTimeAsync(1);
  expect([keys.length, keys[0] === keys[1]]).toEqual([2, false]);
  reply.give(granted);
  await first;
  expect(model().asking).not.toBeNull();
  secondReply.give({ ok: true, status: 201, body: order('reserved', 1) });
  await second;
  expect(newest(model())).toMatchObject({ id: 'lamp.1', status: 'reserved' });
});

test('a token that is not good is replaced, and the key stays', async () => {
  const { buy, keys, passes } = shop(refused('purchase-token-invalid'), granted);
  await buy();
  expect(passes).toEqual(['pass0', 'pass1']);
  expect(new Set(keys).size).toBe(1);
});

test('sold out keeps the key for the next click', async () => {
  const { buy, keys, model } = shop(refused('sold-out'), granted);
  await buy();
  expect(model()).toMatchObject({ asking: null, refusal: 'sold-out' });
  await buy();
  expect(new Set(keys).size).toBe(1);
});

test('another number after a refusal is asked for under another key, and each key for one number', async () => {
  const { buy, keys, quantities, model } = shop(refused('insufficient-stock'), lost, granted);
  await buy(3);
  expect(model().refusal).toBe('insufficient-stock');
  await buy(2);
  expect(quantities).toEqual([3, 2, 2]);
  expect([keys[0] === keys[1], keys[1] === keys[2]]).toEqual([false, true]);
});

test('an order that another tab got is shown, and nothing is asked for', async () => {
  const { buy, keys, model, notebook } = shop();
  const attempt = await notebook.click(null, 1, noon);
  if ('ask' in attempt) await notebook.answer(attempt.ask, 'lamp.0');
  await buy();
  expect(keys).toEqual([]);
  expect(newest(model())?.id).toBe('lamp.0');
});

test('an order on record that is nobody’s here keeps nobody from buying', async () => {
  const { buy, keys, notebook } = shop(granted);
  const attempt = await notebook.click(null, 1, noon);
  if ('ask' in attempt) await notebook.answer(attempt.ask, 'lamp.of-somebody-else');
  await buy();
  expect(keys).toHaveLength(1);
  expect(await notebook.read()).toMatchObject({ orderId: 'lamp.0' });
});

test('a page that is opened again goes on with its own click, and not with another tab’s', async () => {
  const own = shop(granted);
  await own.notebook.click(null, 1, noon);
  const resumed = own.counter.resume();
  await vi.runAllTimersAsync();
  await resumed;
  expect(own.keys).toHaveLength(1);

  const other = shop(granted);
  const stranger = new Notebook(() => 'elsewhere', () => false);
  await stranger.click(null, 1, noon);
  expect(stranger.isOwn((await stranger.read())!)).toBe(false);
  expect(other.keys).toEqual([]);
});
