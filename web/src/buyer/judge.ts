import type { Answer } from './api';
import type { Refusal } from './model';
import type { Order } from './types';

/** What an answer to a claim means for the one who asked. */
export type Verdict =
  | { readonly is: 'order'; readonly order: Order }
  | { readonly is: 'refused'; readonly refusal: Refusal | null }
  /** Nobody knows, or nobody could: the same key again, after at least so long. */
  | { readonly is: 'again'; readonly atLeastMs: number }
  /** The purchase token is not good: the same key again with a new one. */
  | { readonly is: 'token' }
  /** Nobody is signed in any more. */
  | { readonly is: 'stranger' };

/** A sale that opens later than this after it was clicked was put off: the click is not kept for it. */
const nearlyOpenMs = 15_000;

/** Reads the answer to a claim. */
export function judge(answer: Answer<Order>, nowMs: number): Verdict {
  if (answer.ok) return { is: 'order', order: answer.body };
  switch (answer.problem) {
    case 'no-answer':
    case 'busy':
    case 'outcome-unknown':
    case 'rate-limited':
    case 'request-timeout':
      return { is: 'again', atLeastMs: answer.retryAfterMs ?? 0 };
    case 'sale-not-open':
      return whenOpen(Date.parse(String(answer.body['opensAt'])) - nowMs);
    case 'purchase-token-invalid':
      return { is: 'token' };
    case 'unauthenticated':
      return { is: 'stranger' };
    case 'sold-out':
    case 'insufficient-stock':
    case 'buyer-limit-reached':
      return { is: 'refused', refusal: answer.problem };
    case 'sale-paused':
    case 'sale-closed':
      return { is: 'refused', refusal: null };
    default:
      return { is: 'refused', refusal: 'failed' };
  }
}

/** The gate's clock decides when the doors are open; who was a moment early asks again. */
function whenOpen(inMs: number): Verdict {
  return inMs < nearlyOpenMs ? { is: 'again', atLeastMs: Math.max(0, inMs) } : { is: 'refused', refusal: null };
}
