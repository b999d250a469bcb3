import { expect, test } from 'vitest';
import { countdown, stageOf } from '../src/buyer/stage';
import type { Model } from '../src/buyer/model';
import { holding, noon, open, order, page, soldOut, terms } from './sale';

const scheduled = { ...open, state: 'scheduled' as const };

// What the page knows, the minutes after noon, and what it shows.
const table: [string, Partial<Model>, number, string][] = [
  ['nothing was said yet', { sale: null }, 0, 'loading'],
  ['before the doors open', { sale: scheduled }, -3, 'countdown'],
  ['at noon by the server, before its word has come', { sale: scheduled }, 0, 'open'],
  ['the server says that it is open, whatever the countdown', { sale: open }, -1, 'open'],
  ['open', {}, 1, 'open'],
  ['nobody is signed in', { isSignedIn: false }, 1, 'signed-out'],
  ['nobody is signed in, and it is over', { isSignedIn: false, sale: { ...open, state: 'closed' } }, 1, 'closed'],
  ['nothing left', { sale: soldOut }, 1, 'sold-out'],
  ['refused as sold out before the push says so', { refusal: 'sold-out' }, 1, 'sold-out'],
  ['the operator pauses', { sale: { ...open, state: 'paused' } }, 1, 'paused'],
  ['the operator closes', { sale: { ...open, state: 'closed' } }, 1, 'closed'],
  ['its time is over before the word has come', { terms: { ...terms, closesAt: terms.opensAt } }, 1, 'closed'],
  ['a click is not answered', { asking: 0 }, 1, 'asking'],
  ['a click is not answered, and it sells out', { asking: 0, sale: soldOut }, 1, 'asking'],
  ['the order is queued', holding(order('queued')), 1, 'queued'],
  ['the order is reserved', holding(order('reserved')), 1, 'reserved'],
  ['the order is reserved, and the rest sold', { ...holding(order('reserved')), sale: soldOut }, 1, 'reserved'],
  ['reserved, and it closed', { ...holding(order('reserved')), sale: { ...open, state: 'closed' } }, 1, 'reserved'],
  ['paid', holding(order('paid')), 1, 'paid'],
  ['paid, and the sale closed', { ...holding(order('paid')), sale: { ...open, state: 'closed' } }, 1, 'paid'],
  ['it expired, and there are more', holding(order('expired')), 1, 'open'],
  ['it expired, and there are no more', { ...holding(order('expired')), sale: soldOut }, 1, 'sold-out'],
  ['a second try after an expired one', holding(order('expired', 0), order('reserved', 20)), 21, 'reserved'],
  ['an older one is paid, the newer expired', holding(order('paid', 0), order('expired', 20)), 31, 'limit'],
  ['refused for the limit', { refusal: 'buyer-limit-reached' }, 1, 'limit'],
];

test.each(table)('%s', (_, known, minute, kind) => {
  expect(stageOf(page(known), noon + minute * 60_000).kind).toBe(kind);
});

test('what became of the last order is said once, until the buyer tries again', () => {
  const ended = holding(order('expired'));
  expect(stageOf(page(ended), noon)).toMatchObject({ kind: 'open', notice: 'expired' });
  expect(stageOf(page({ ...ended, noted: 'lamp.0' }), noon)).toMatchObject({ kind: 'open', notice: null });
});

test('time left to pay runs out at zero and stays there', () => {
  const model = page(holding(order('reserved')));
  expect(stageOf(model, noon)).toMatchObject({ leftMs: 600_000, ofMs: 600_000 });
  expect(stageOf(model, noon + 660_000)).toMatchObject({ kind: 'reserved', leftMs: 0 });
});

test('who paid for one of two may buy another, and who paid for both may not', () => {
  const two = { ...terms, perBuyerLimit: 2 };
  expect(stageOf(page({ terms: two, ...holding(order('paid', 0)) }), noon)).toMatchObject({ canBuyMore: true });
  const both = holding(order('paid', 0), order('paid', 1));
  expect(stageOf(page({ terms: two, ...both }), noon)).toMatchObject({ kind: 'paid', canBuyMore: false });
});

test('a buyer may ask for as many as the limit leaves, and as there are', () => {
  const five = { ...terms, perBuyerLimit: 5 };
  const most = (known: Partial<Model>) => stageOf(page({ terms: five, ...known }), noon);
  expect(most({})).toMatchObject({ kind: 'open', most: 5 });
  expect(most({ sale: { ...open, available: 3 } })).toMatchObject({ kind: 'open', most: 3 });
  const ended = holding(order('paid', 0, { quantity: 2 }), order('expired', 20));
  expect(most(ended)).toMatchObject({ kind: 'open', most: 3 });
});

test.each([
  [0, 0, '00:00'], [1, 0, '00:01'], [59_999, 0, '01:00'], [3_599_000, 0, '59:59'], [3_600_000, 0, '01:00:00'],
  [90_061_000, 1, '01:01:01'],
])('%i ms count down as %i days and %s', (ms, days, text) => {
  expect(countdown(ms)).toEqual({ days, text });
});
