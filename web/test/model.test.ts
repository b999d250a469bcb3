import { expect, test } from 'vitest';
import { after, held, newest } from '../src/buyer/model';
import { holding, open, order, page, soldOut } from './sale';

test('an order of a lower revision is older news', () => {
  const paid = page(holding(order('paid', 0, { revision: 2 })));
  const told = after(paid, { type: 'orders', orders: [order('reserved', 0, { revision: 1 })] });
  expect(newest(told)?.status).toBe('paid');
});

test('terms of a lower revision are older news', () => {
  const model = after(page(), { type: 'sale', sale: { ...open, revision: 3, title: 'Lamp, red' } });
  expect(model.terms.title).toBe('Lamp, red');
  expect(after(model, { type: 'sale', sale: { ...soldOut, revision: 2 } })).toBe(model);
});

test('an order of another sale is none of this page', () => {
  const model = after(page(), { type: 'orders', orders: [order('reserved', 0, { saleId: 'chair' })] });
  expect(newest(model)).toBeNull();
});

test('the order that the push brings answers the click, whatever became of the reply', () => {
  const asked = after(page(), { type: 'asked' });
  expect(after(asked, { type: 'orders', orders: [order('reserved')] }).asking).toBeNull();
});

test('word of an older order does not answer a click', () => {
  const asked = after(page(holding(order('expired', 0))), { type: 'asked' });
  expect(after(asked, { type: 'orders', orders: [order('expired', 0, { revision: 2 })] }).asking).toBe(0);
});

test('units that come back undo the refusal, and nothing else does', () => {
  const refused = after(after(page(), { type: 'asked' }), { type: 'answered', order: null, refusal: 'sold-out' });
  expect(after(refused, { type: 'sale', sale: soldOut }).refusal).toBe('sold-out');
  const back = after(after(refused, { type: 'sale', sale: soldOut }), { type: 'sale', sale: open });
  expect(back.refusal).toBeNull();
});

test('too few left is said until there are more, or the buyer asks again', () => {
  const few = { ...open, available: 2 };
  const refused = after(page(), { type: 'answered', order: null, refusal: 'insufficient-stock' });
  const told = after(refused, { type: 'sale', sale: few });
  expect(told.refusal).toBe('insufficient-stock');
  expect(after(told, { type: 'asked' }).refusal).toBeNull();
  expect(after(told, { type: 'sale', sale: { ...few, available: 3 } }).refusal).toBeNull();
});

test('a click that nobody answers is counted, and one that was answered is not', () => {
  const asked = after(page(), { type: 'asked' });
  expect(after(asked, { type: 'unanswered' }).asking).toBe(1);
  expect(after(page(), { type: 'unanswered' }).asking).toBeNull();
});

test('ended orders hold nothing', () => {
  const model = page(holding(order('paid', 0), order('reserved', 1), order('expired', 2), order('cancelled', 3)));
  expect(held(model)).toBe(2);
});
