/** Money in minor units, as the contract has it. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** The terms of a sale, as the server wrote them into the page. */
export interface Terms {
  readonly id: string;
  readonly title: string;
  readonly imageUrl: string | null;
  readonly quantity: number;
  readonly price: Money;
  readonly opensAt: string;
  readonly closesAt: string | null;
  readonly perBuyerLimit: number;
  readonly requirePurchaseToken: boolean;
  readonly revision: number;
}

export type SaleState = 'scheduled' | 'open' | 'paused' | 'closed';

/** What the server says of a sale now. */
export interface SaleNow extends Partial<Terms> {
  readonly state: SaleState;
  readonly available: number;
  readonly soldOut: boolean;
  readonly revision: number;
}

export type OrderStatus = 'queued' | 'reserved' | 'paid' | 'cancelled' | 'expired' | 'rejected';

/** An order as its buyer sees it. */
export interface Order {
  readonly id: string;
  readonly saleId: string;
  readonly quantity: number | null;
  readonly amount: Money | null;
  readonly status: OrderStatus;
  readonly revision: number;
  readonly createdAt: string | null;
  readonly reservedAt: string | null;
  readonly expiresAt: string | null;
  readonly paidAt: string | null;
  readonly reason: string | null;
  readonly payment?: { readonly paymentId: string; readonly status: string; readonly checkoutUrl?: string };
}

/** What the live push says. */
export type LiveMessage =
  | { readonly type: 'snapshot'; readonly sale: SaleNow; readonly orders: readonly Order[]; readonly now: string }
  | ({ readonly type: 'sale'; readonly now: string } & SaleNow)
  | { readonly type: 'order'; readonly order: Order; readonly now: string }
  | { readonly type: 'heartbeat'; readonly now: string };
