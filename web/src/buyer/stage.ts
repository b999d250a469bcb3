import { held, newest, type Model } from './model';
import type { Order } from './types';

/** What a page shows, and what its large button does. Every kind has its texts and its look. */
export type Stage =
  | { readonly kind: 'loading' }
  | { readonly kind: 'countdown'; readonly leftMs: number; readonly isReady: boolean }
  | {
    readonly kind: 'open'; readonly left: number; readonly of: number; readonly notice: Notice | null;
    /** How many units this buyer may ask for. */
    readonly most: number;
  }
  | { readonly kind: 'asking'; readonly isSlow: boolean }
  | { readonly kind: 'queued'; readonly order: Order }
  | { readonly kind: 'reserved'; readonly order: Order; readonly leftMs: number; readonly ofMs: number }
  | { readonly kind: 'paid'; readonly order: Order; readonly canBuyMore: boolean }
  | { readonly kind: 'sold-out'; readonly notice: Notice | null }
  | { readonly kind: 'limit' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'signed-out' };

/** What became of the buyer's last try, said above what can be done now. */
export type Notice = 'expired' | 'cancelled' | 'rejected' | 'failed' | 'insufficient-stock';

/** What a page shows at this moment of the server's time. */
export function stageOf(model: Model, nowMs: number): Stage {
  if (model.asking !== null) return { kind: 'asking', isSlow: model.asking > 0 };
  const order = newest(model);
  if (order?.status === 'queued') return { kind: 'queued', order };
  if (order?.status === 'reserved') return reserved(order, nowMs);
  const offer = offerOf(model, nowMs);
  if (order?.status === 'paid') {
    return { kind: 'paid', order, canBuyMore: offer.kind === 'open' && held(model) < model.terms.perBuyerLimit };
  }
  return offer;
}

function reserved(order: Order, nowMs: number): Stage {
  const until = Date.parse(order.expiresAt ?? '');
  const since = Date.parse(order.reservedAt ?? '');
  return {
    kind: 'reserved',
    order,
    leftMs: Math.max(0, (until || nowMs) - nowMs),
    ofMs: Math.max(1, (until || nowMs) - (since || nowMs)),
  };
}

/** What the sale offers to somebody who holds nothing. */
function offerOf(model: Model, nowMs: number): Stage {
  const { sale, terms } = model;
  if (!sale) return { kind: 'loading' };
  if (sale.state === 'closed' || nowMs >= Date.parse(terms.closesAt ?? '')) return { kind: 'closed' };
  if (model.isSignedIn === false) return { kind: 'signed-out' };
  if (sale.state === 'paused') return { kind: 'paused' };

  // The server's own word that the doors are open counts; until it comes, its clock does.
  const leftMs = Date.parse(terms.opensAt) - nowMs;
  if (sale.state === 'scheduled' && leftMs > 0) return { kind: 'countdown', leftMs, isReady: model.hasToken };
  if (model.refusal === 'buyer-limit-reached' || held(model) >= terms.perBuyerLimit) return { kind: 'limit' };
  const notice = noticeOf(model);
  if (sale.soldOut || model.refusal === 'sold-out') return { kind: 'sold-out', notice };
  const most = Math.max(1, Math.min(terms.perBuyerLimit - held(model), sale.available));
  return { kind: 'open', left: sale.available, of: terms.quantity, notice, most };
}

function noticeOf(model: Model): Notice | null {
  if (model.refusal === 'failed' || model.refusal === 'insufficient-stock') return model.refusal;
  const order = newest(model);
  if (!order || order.id === model.noted) return null;
  const { status } = order;
  return status === 'expired' || status === 'cancelled' || status === 'rejected' ? status : null;
}

/** A length of time as a person counts it down: 9:59, 1:00:00, and with days 2 d 03:04:05. */
export function countdown(ms: number): { readonly days: number; readonly text: string } {
  const seconds = Math.ceil(ms / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return { days, text: days > 0 || hours > 0 ? `${two(hours)}:${rest}` : rest };
}

/** How far something is used up, from 1 to 0. */
export const share = (left: number, of: number): number => (of > 0 ? Math.min(1, Math.max(0, left / of)) : 0);
