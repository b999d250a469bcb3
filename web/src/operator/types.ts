/** What the server says on GET /v1/live; what it could not read is null. */
export interface Figures {
  type: 'snapshot' | 'figures';
  sales: BoardSale[];
  moreSales: number;
  deadLetters: number | null;
  unsettledPayments: number | null;
  node: string;
  nodes: BoardNode[] | null;
  now: string;
}

export type SaleState = 'scheduled' | 'open' | 'paused' | 'closed';

export interface BoardSale {
  id: string;
  title: string;
  state: SaleState;
  opensAt: string;
  closesAt: string | null;
  revision: number;
  quantity: number | null;
  available: number | null;
  reserved: number | null;
  sold: number | null;
  queued: number | null;
  gate: 'open' | 'rebuilding' | 'damaged' | 'missing' | 'removed' | null;
  gateAvailable: number | null;
  epoch: number | null;
  queueAgeMs: number | null;
  expiringSoon: number | null;
  lawHolds: boolean | null;
  lastAudit: { at: string; lawHolds: boolean; differences: number } | null;
  claims: { total: number; admitted: number; replayed: number; refused: Record<string, number> };
}

export interface BoardNode {
  id: string;
  name: string;
  roles: ('api' | 'worker')[];
  status: 'live' | 'gone';
  startedAt: string;
  seenAt: string;
  ready: boolean;
  reasons: string[];
  lagMs: number | null;
  claims: number;
}

/** A sale's terms, as GET /v1/sales/{id} has them. */
export interface Sale {
  id: string;
  title: string;
  description: string | null;
  imageUrl: string | null;
  quantity: number;
  price: { amount: number; currency: string };
  opensAt: string;
  closesAt: string | null;
  perBuyerLimit: number;
  paymentWindow: string;
  requirePurchaseToken: boolean;
  state: SaleState;
  revision: number;
}

export interface AuditReport {
  quantity: number;
  available: number;
  reserved: number;
  sold: number;
  queued: number;
  gateAvailable: number | null;
  epoch: number;
  lawHolds: boolean;
  differences: string[];
}

export interface DeadLetter {
  id: string;
  orderId: string;
  saleId: string;
  buyerId: string;
  quantity: number;
  admittedAt: string;
  deadLetteredAt: string;
  reason: string;
}

/** A transition, as GET /v1/sales/{id}/events has it. */
export interface SaleEvent {
  no: number;
  type: string;
  at: string;
  orderId?: string;
  paymentId?: string;
  revision?: number;
  quantity?: number;
}

/** A refusal as RFC 9457 has it. */
export interface Problem {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  reason?: string;
  errors?: { pointer: string; detail: string }[];
}
