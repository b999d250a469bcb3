import { begin, type Model } from '../src/buyer/model';
import type { Order, OrderStatus, SaleNow, Terms } from '../src/buyer/types';

/** Noon, when the doors open. */
export const noon = Date.parse('2026-06-01T12:00:00Z');

export const terms: Terms = {
  id: 'lamp', title: 'Lamp', imageUrl: null, quantity: 10, price: { amount: 1999, currency: 'EUR' },
  opensAt: '2026-06-01T12:00:00Z', closesAt: null, perBuyerLimit: 1, requirePurchaseToken: true, revision: 1,
};

export const open: SaleNow = { state: 'open', available: 10, soldOut: false, revision: 1 };
export const soldOut: SaleNow = { ...open, available: 0, soldOut: true };

/** A page that knows this. */
export const page = (known: Partial<Model> = {}): Model =>
  ({ ...begin(terms), sale: open, isSignedIn: true, ...known });

/** An order of the sale, made so many minutes after noon. */
export function order(status: OrderStatus, minute = 0, more: Partial<Order> = {}): Order {
  const at = (after: number): string => new Date(noon + (minute + after) * 60_000).toISOString();
  const isQueued = status === 'queued';
  return {
    id: `lamp.${minute}`, saleId: 'lamp', quantity: 1, amount: terms.price, status, revision: 1,
    createdAt: isQueued ? null : at(0), reservedAt: isQueued ? null : at(0), expiresAt: isQueued ? null : at(10),
    paidAt: status === 'paid' ? at(5) : null, reason: null, ...more,
  };
}

/** Orders as a page keeps them. */
export const holding = (...orders: Order[]): Pick<Model, 'orders'> =>
  ({ orders: Object.fromEntries(orders.map((one) => [one.id, one])) });
