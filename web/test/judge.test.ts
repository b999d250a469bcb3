import { expect, test } from 'vitest';
import { judge } from '../src/buyer/judge';
import { noon, order } from './sale';

const refusal = (problem: string, body: Record<string, unknown> = {}, retryAfterMs: number | null = null) =>
  judge({ ok: false, problem, body, retryAfterMs }, noon);

// What the server may say to a claim, and what becomes of the click.
test.each([
  ['sold-out', { is: 'refused', refusal: 'sold-out' }],
  ['insufficient-stock', { is: 'refused', refusal: 'insufficient-stock' }],
  ['buyer-limit-reached', { is: 'refused', refusal: 'buyer-limit-reached' }],
  ['sale-paused', { is: 'refused', refusal: null }],
  ['sale-closed', { is: 'refused', refusal: null }],
  ['idempotency-key-reused', { is: 'refused', refusal: 'failed' }],
  ['invalid-request', { is: 'refused', refusal: 'failed' }],
  ['purchase-token-invalid', { is: 'token' }],
  ['unauthenticated', { is: 'stranger' }],
  ['busy', { is: 'again', atLeastMs: 0 }],
  ['outcome-unknown', { is: 'again', atLeastMs: 0 }],
  ['no-answer', { is: 'again', atLeastMs: 0 }],
])('%s', (problem, verdict) => {
  expect(refusal(problem)).toEqual(verdict);
});

test('an order is an order', () => {
  const reserved = order('reserved');
  expect(judge({ ok: true, status: 201, body: reserved }, noon)).toEqual({ is: 'order', order: reserved });
});

test('who is told when to come again comes no earlier', () => {
  expect(refusal('busy', {}, 2_000)).toEqual({ is: 'again', atLeastMs: 2_000 });
});

test('who was a moment early asks again when the doors open, and not for a sale that was put off', () => {
  const opensIn = (ms: number) => refusal('sale-not-open', { opensAt: new Date(noon + ms).toISOString() });
  expect(opensIn(-5)).toEqual({ is: 'again', atLeastMs: 0 });
  expect(opensIn(400)).toEqual({ is: 'again', atLeastMs: 400 });
  expect(opensIn(3_600_000)).toEqual({ is: 'refused', refusal: null });
});
