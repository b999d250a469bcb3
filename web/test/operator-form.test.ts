import { expect, test } from 'vitest';
import {
  blank, check, digitsOf, faultsOf, isFixed, minorUnits, readDuration, toBody, toPatch, typedOf, type Typed,
} from '../src/operator/form';

const good: Typed = { ...blank(new Date('2030-06-01T12:00:00Z')), title: 'Sneaker', price: '19.99' };

test('a form that was filled in is right', () => {
  expect(check(good)).toEqual({});
});

test.each([
  ['id', 'Upper', 'badId'], ['id', '-x', 'badId'], ['id', 'a'.repeat(65), 'badId'],
  ['title', ' ', 'badText'], ['title', 'x'.repeat(201), 'badText'], ['title', 'a\nb', 'badText'],
  ['description', 'x'.repeat(4001), 'badText'], ['imageUrl', 'ftp://x', 'badUrl'], ['imageUrl', 'x', 'badUrl'],
  ['quantity', '0', 'badWhole'], ['quantity', '1.5', 'badWhole'], ['quantity', '100000001', 'badWhole'],
  ['perBuyerLimit', '', 'badWhole'], ['price', '1.999', 'badPrice'], ['price', '-1', 'badPrice'],
  ['price', '', 'badPrice'], ['currency', 'EU', 'badCurrency'], ['opensAt', '', 'badTime'],
  ['closesAt', '2000-01-01T00:00:00', 'badClose'], ['windowAmount', '0', 'badWindow'],
  ['windowAmount', '1441', 'badWindow'],
] as const)('%s that is "%s" is told as one types', (field, text, fault) => {
  const faults = check({ ...good, [field]: text });
  expect(Object.keys(faults)).toEqual([field]);
  expect(faults[field]!.text).toBe(fault);
});

test('what is at the edge of a rule is right', () => {
  const edges: Partial<Typed>[] = [
    { id: 'a'.repeat(64) }, { title: 'x'.repeat(200) }, { description: 'a\n\nb' }, { quantity: '100000000' },
    { price: '0' }, { price: '100000000' }, { windowAmount: '24', windowUnit: 'H' },
    { windowAmount: '1', windowUnit: 'S' }, { imageUrl: 'https://pictures.example.com/a.png' },
  ];
  for (const edge of edges) expect([edge, check({ ...good, ...edge })]).toEqual([edge, {}]);
});

test('a price is in minor units of its currency', () => {
  expect([minorUnits('19.99', 'EUR'), minorUnits('19,9', 'EUR'), minorUnits('5', 'JPY'), minorUnits('1.234', 'KWD')])
    .toEqual([1999, 1990, 5, 1234]);
  expect([minorUnits('5.5', 'JPY'), minorUnits('100000000.01', 'EUR'), minorUnits('1e3', 'EUR')])
    .toEqual([null, null, null]);
  expect([digitsOf('EUR'), digitsOf('JPY')]).toEqual([2, 0]);
});

test('a body has what was typed, and a patch only what differs', () => {
  const typed = { ...good, id: 'sneaker', description: 'Nice.' };
  expect(toBody(typed)).toMatchObject({
    id: 'sneaker', title: 'Sneaker', description: 'Nice.', quantity: 100, price: { amount: 1999, currency: 'EUR' },
    perBuyerLimit: 1, paymentWindow: 'PT10M', requirePurchaseToken: true,
  });
  expect(toPatch(typed, typed)).toEqual({});
  expect(toPatch(typed, { ...typed, description: '', title: 'Boot', windowAmount: '2', windowUnit: 'H' }))
    .toEqual({ description: null, title: 'Boot', paymentWindow: 'PT2H' });
});

test('a sale that is read and written unchanged has no patch', () => {
  const sale = {
    id: 'x', title: 'X', description: null, imageUrl: null, quantity: 5, price: { amount: 5, currency: 'JPY' },
    opensAt: '2030-06-01T12:00:30.000Z', closesAt: '2030-06-02T12:00:00.000Z', perBuyerLimit: 2,
    paymentWindow: 'PT1H30M', requirePurchaseToken: false, state: 'open' as const, revision: 3,
  };
  const typed = typedOf(sale);
  expect([typed.price, typed.windowAmount, typed.windowUnit]).toEqual(['5', '90', 'M']);
  expect(toBody(typed)).toMatchObject({ opensAt: sale.opensAt, closesAt: sale.closesAt, price: sale.price });
  expect(toPatch(typed, typed)).toEqual({});
});

test('durations are read', () => {
  expect(['PT10M', 'P1DT30S', 'PT24H', 'P1Y', 'x'].map(readDuration)).toEqual([600, 86_430, 86_400, null, null]);
});

test('price, opening and limit are fixed once a sale has opened, and id and units at once', () => {
  expect((['open', 'scheduled', null] as const).map((state) => isFixed('price', state))).toEqual([true, false, false]);
  expect([isFixed('quantity', 'scheduled'), isFixed('title', 'open')]).toEqual([true, false]);
});

test('what the server has against a field is said at the field', () => {
  const { fields, others } = faultsOf({ errors: [
    { pointer: '#/title', detail: 'A' }, { pointer: '#/price/amount', detail: 'B' }, { pointer: '#', detail: 'C' },
    { pointer: '#/paymentWindow', detail: 'D' },
  ] });
  expect([...fields]).toEqual([['title', 'A'], ['price', 'B'], ['windowAmount', 'D']]);
  expect(others).toEqual(['C']);
});
