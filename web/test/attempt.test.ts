import { expect, test } from 'vitest';
import { answered, onClick, parse, resumes, resumesForMs, type Attempt } from '../src/buyer/attempt';

const draw = (): string => 'new';
const asked: Attempt = { key: 'a', quantity: 1, isOpen: true, askedAt: 1_000, orderId: null };

test('the first click draws a key', () => {
  expect(onClick(null, null, 2, 5, draw)).toEqual({
    ask: { key: 'new', quantity: 2, isOpen: true, askedAt: 5, orderId: null },
  });
});

test('a click that was not answered is asked again under its key, from whichever tab', () => {
  expect(onClick(asked, null, 1, 5, draw)).toMatchObject({ ask: { key: 'a' } });
});

test('a refusal uses no key up', () => {
  expect(onClick(answered(asked, null), null, 1, 5, draw)).toMatchObject({ ask: { key: 'a' } });
});

test('another number is another try, unless the first still waits for its answer', () => {
  expect(onClick(answered(asked, null), null, 2, 5, draw)).toMatchObject({ ask: { key: 'new', quantity: 2 } });
  expect(onClick(asked, null, 2, 5, draw)).toMatchObject({ ask: { key: 'a', quantity: 1 } });
  expect(onClick(asked, null, 2, 1_000 + resumesForMs, draw)).toMatchObject({ ask: { key: 'new', quantity: 2 } });
});

test('a tab that was not told of an order gets that one and no second', () => {
  expect(onClick(answered(asked, 'lamp.1'), null, 1, 5, draw)).toEqual({ adopt: 'lamp.1' });
});

test('who saw the order and clicks again wants another', () => {
  expect(onClick(answered(asked, 'lamp.1'), 'lamp.1', 1, 5, draw)).toMatchObject({ ask: { key: 'new' } });
});

test('a page that is opened again goes on asking for some minutes, and never for what was answered', () => {
  expect(resumes(asked, 2_000)).toBe(true);
  expect(resumes(asked, 1_000 + resumesForMs)).toBe(false);
  expect(resumes(answered(asked, null), 2_000)).toBe(false);
  expect(resumes(null, 2_000)).toBe(false);
});

test('what is written is read again, and rubbish is nothing', () => {
  expect(parse(JSON.stringify(asked))).toEqual(asked);
  expect(parse('{"key":"a","askedAt":1}')).toMatchObject({ key: 'a', quantity: 1 });
  for (const rubbish of [null, '', '{', '[]', 'null', '{"key":1}', '{"key":"a"}', '{"key":"","askedAt":1}']) {
    expect(parse(rubbish)).toBeNull();
  }
});
