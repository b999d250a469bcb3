import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Answer, Api } from '../src/buyer/api';
import { Holder } from '../src/buyer/holder';
import type { Order } from '../src/buyer/types';
import { order } from './sale';

const refused = (problem: string): Answer<never> => ({ ok: false, problem, body: {}, retryAfterMs: null });
const checkout: Answer<{ paymentId: string; checkoutUrl: string }> =
  { ok: true, status: 201, body: { paymentId: 'p', checkoutUrl: 'https://pay.example.com/p' } };
const cancelled: Answer<Order> = { ok: true, status: 200, body: order('cancelled') };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page whose calls are answered so, one after the other. */
function page(...answers: Answer<unknown>[]) {
  const went: string[] = [];
  vi.stubGlobal('location', { assign: (address: string) => went.push(address) });
  let asked = 0;
  let current: Order = order('reserved');
  let reads = 0;
  const answer = async () => {
    asked++;
    return answers.shift()!;
  };
  const holder = new Holder({ pay: answer, cancel: answer } as unknown as Api, {
    order: () => current,
    took: (told) => (current = told),
    readAnew: async () => void reads++,
    show: () => undefined,
  });
  return { holder, went, asked: () => asked, order: () => current, reads: () => reads };
}

test('a shop that is busy is asked for the checkout again', async () => {
  const { holder, went, asked } = page(refused('busy'), refused('no-answer'), checkout);
  holder.deeds.pay();
  await vi.advanceTimersByTimeAsync(5_000);
  expect([asked(), went]).toEqual([3, ['https://pay.example.com/p']]);
  expect(holder.busy.isPaying).toBe(true);
});

test('where the browser does not get to the checkout the button works again', async () => {
  const { holder, went } = page(checkout, checkout);
  holder.deeds.pay();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(holder.busy).toMatchObject({ isPaying: false, trouble: 'payTrouble' });
  holder.deeds.pay();
  await vi.advanceTimersByTimeAsync(1);
  expect(went).toHaveLength(2);
});

test('a refusal for good is not asked for again, and the order is read anew', async () => {
  const { holder, asked, reads } = page(refused('order-not-payable'));
  holder.deeds.pay();
  await vi.runAllTimersAsync();
  expect([asked(), reads()]).toEqual([1, 1]);
  expect(holder.busy).toMatchObject({ isPaying: false, trouble: 'payTrouble' });
});

test('it is given back after a question, once, and what fails is said', async () => {
  const { holder, asked, order: now } = page(refused('order-not-cancellable'), refused('busy'), cancelled);
  holder.deeds.giveBack();
  expect([holder.busy.isUnsure, asked()]).toEqual([true, 0]);
  holder.deeds.giveBackNow();
  holder.deeds.giveBackNow();
  await vi.runAllTimersAsync();
  expect([asked(), holder.busy.trouble]).toEqual([1, 'giveBackTrouble']);
  holder.deeds.giveBackNow();
  await vi.runAllTimersAsync();
  expect([asked(), now().status, holder.busy.trouble]).toEqual([3, 'cancelled', null]);
});
