import type { Order, SaleNow, Terms } from './types';

/** Why a click was refused for good, by the name of its problem. */
export type Refusal = 'sold-out' | 'insufficient-stock' | 'buyer-limit-reached' | 'failed';

/** Everything that a page of a sale knows. */
export interface Model {
  readonly terms: Terms;
  /** What the server last said of the sale; null before it said anything. */
  readonly sale: SaleNow | null;
  readonly orders: Readonly<Record<string, Order>>;
  /** Whether there is somebody who may buy; null while that is being found out. */
  readonly isSignedIn: boolean | null;
  /** Whether the purchase token is here. */
  readonly hasToken: boolean;
  /** A click that is not answered: null where there is none, else how often it was asked without an answer. */
  readonly asking: number | null;
  readonly refusal: Refusal | null;
  /** An order that ended and that the buyer has taken note of. */
  readonly noted: string | null;
  /** Whether word of the server comes in. */
  readonly isConnected: boolean;
}

/** What can happen to a page. */
export type Happening =
  | { readonly type: 'sale'; readonly sale: SaleNow }
  | { readonly type: 'orders'; readonly orders: readonly Order[] }
  | { readonly type: 'signed-in'; readonly isSignedIn: boolean }
  | { readonly type: 'token'; readonly hasToken: boolean }
  | { readonly type: 'asked' }
  | { readonly type: 'unanswered' }
  | { readonly type: 'answered'; readonly order: Order | null; readonly refusal: Refusal | null }
  | { readonly type: 'connected'; readonly isConnected: boolean };

/** A page that knows what the server wrote into it, and nothing else. */
export function begin(terms: Terms): Model {
  return {
    terms, sale: null, orders: {}, isSignedIn: null, hasToken: false, asking: null, refusal: null, noted: null,
    isConnected: true,
  };
}

/** The page after something happened. */
export function after(model: Model, happening: Happening): Model {
  switch (happening.type) {
    case 'sale':
      return withSale(model, happening.sale);
    case 'orders':
      return happening.orders.reduce(withOrder, model);
    case 'signed-in':
      return { ...model, isSignedIn: happening.isSignedIn };
    case 'token':
      return { ...model, hasToken: happening.hasToken };
    case 'asked':
      return { ...model, asking: 0, refusal: null, noted: newest(model)?.id ?? null };
    case 'unanswered':
      return model.asking === null ? model : { ...model, asking: model.asking + 1 };
    case 'answered': {
      const told = { ...model, asking: null, refusal: happening.refusal };
      return happening.order ? withOrder(told, happening.order) : told;
    }
    case 'connected':
      return { ...model, isConnected: happening.isConnected };
  }
}

/** What is told while something older is read may come first: a lower revision of the terms says nothing new. */
function withSale(model: Model, sale: SaleNow): Model {
  if (model.sale && sale.revision < model.sale.revision) return model;
  const known = { ...model.sale, ...sale };
  const terms = { ...model.terms, ...pick(sale) };
  // What there was is a refusal of that moment; units that came back undo it.
  const hasMore = model.refusal === 'sold-out' ? !sale.soldOut
    : model.refusal === 'insufficient-stock' && sale.available > (model.sale?.available ?? 0);
  const refusal = hasMore ? null : model.refusal;
  return { ...model, sale: known, terms, refusal };
}

function pick(sale: SaleNow): Partial<Terms> {
  const { title, price, opensAt, closesAt, quantity, perBuyerLimit } = sale;
  const said = { title, price, opensAt, closesAt, quantity, perBuyerLimit };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

/** A lower revision of an order is older news, wherever it comes from. */
function withOrder(model: Model, order: Order): Model {
  const known = model.orders[order.id];
  if (order.saleId !== model.terms.id || (known && known.revision > order.revision)) return model;
  const asking = model.asking !== null && isNewTo(model, order) ? null : model.asking;
  return { ...model, orders: { ...model.orders, [order.id]: order }, asking };
}

/** An order that comes to be while a click is not answered is its answer, whichever way it came. */
function isNewTo(model: Model, order: Order): boolean {
  return !model.orders[order.id] && (order.status === 'queued' || order.status === 'reserved');
}

/** The order that the page is about: the newest; one that is queued has no time yet, and is newer than any. */
export function newest(model: Model): Order | null {
  const orders = Object.values(model.orders);
  return orders.reduce<Order | null>((best, order) => (best && at(best) >= at(order) ? best : order), null);
}

const at = (order: Order): string => order.createdAt ?? (order.status === 'queued' ? '9' : '0');

/** Units that the buyer holds or has paid. */
export function held(model: Model): number {
  return Object.values(model.orders)
    .filter((order) => order.status === 'queued' || order.status === 'reserved' || order.status === 'paid')
    .reduce((sum, order) => sum + (order.quantity ?? 0), 0);
}
