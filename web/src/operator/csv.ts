import type { SaleEvent } from './types';

/** A program that opens a table takes text that begins so for a formula, and runs it. */
const FORMULA = /^[=+\-@\t\r]/;

/** A cell (RFC 4180). What could be a formula is given an apostrophe, which table programs do not show. */
export function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** A line, with its end. */
export function row(values: readonly (string | number | null | undefined)[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

/** An order, as its transitions tell it. */
export interface ToldOrder {
  orderId: string;
  status: string;
  quantity: number | null;
  reservedAt: string | null;
  paidAt: string | null;
  endedAt: string | null;
  paymentId: string | null;
  revision: number;
}

/** Makes orders of a sale's transitions, given in their order. */
export class OrderFold {
  private readonly orders = new Map<string, ToldOrder>();

  get size(): number {
    return this.orders.size;
  }

  add(event: SaleEvent): void {
    if (!event.orderId || !event.type.startsWith('order.')) return;
    const status = event.type.slice('order.'.length);
    const order = this.orders.get(event.orderId) ?? this.begin(event.orderId);
    order.revision = event.revision ?? order.revision;
    order.quantity = event.quantity ?? order.quantity;

    // Late money that asks for units leaves its order as it is until it is decided.
    if (status === 'reviving') return;
    order.status = status;
    if (status === 'reserved') order.reservedAt = event.at;
    else order.endedAt = status === 'paid' ? null : event.at;
    if (status === 'paid') [order.paidAt, order.paymentId] = [event.at, event.paymentId ?? null];
  }

  /** The whole table, its head first. */
  *csv(): Generator<string> {
    yield row(['orderId', 'status', 'quantity', 'reservedAt', 'paidAt', 'endedAt', 'paymentId', 'revision']);
    for (const o of this.orders.values()) {
      yield row([o.orderId, o.status, o.quantity, o.reservedAt, o.paidAt, o.endedAt, o.paymentId, o.revision]);
    }
  }

  private begin(orderId: string): ToldOrder {
    const order: ToldOrder = {
      orderId, status: '', quantity: null, reservedAt: null, paidAt: null, endedAt: null, paymentId: null, revision: 0,
    };
    this.orders.set(orderId, order);
    return order;
  }
}
