import type { Order, SaleNow } from './types';

/** What a call came to: an answer, a problem by its name, or nothing that anybody could tell. */
export type Answer<T> =
  | { readonly ok: true; readonly status: number; readonly body: T }
  | {
    readonly ok: false;
    readonly problem: string;
    readonly body: Record<string, unknown>;
    readonly retryAfterMs: number | null;
  };

/** What a call carries, beside who makes it. */
interface Request {
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Whether the buyer's own token stays out of it. */
  readonly anonymous?: boolean;
}

/** A call that takes longer is given up, and its outcome unknown. */
const timeoutMs = 12_000;

/** The calls of the HTTP contract that buyers make. */
export class Api {
  /**
   * @param root What every path begins with.
   * @param bearer The buyer's own token; null where the program's sign-in says who it is.
   * @param hear Told the server's time.
   */
  constructor(
    private readonly root: string,
    private readonly bearer: () => string | null,
    private readonly hear: (now: string) => void,
  ) {}

  sale(id: string): Promise<Answer<SaleNow & { now: string }>> {
    return this.call('GET', `/v1/sales/${id}`, { anonymous: true });
  }

  order(id: string): Promise<Answer<Order>> {
    return this.call('GET', `/v1/orders/${id}`);
  }

  orders(saleId: string): Promise<Answer<{ items: Order[] }>> {
    return this.call('GET', `/v1/orders?saleId=${saleId}&limit=50`);
  }

  guest(): Promise<Answer<{ token: string }>> {
    return this.call('POST', '/v1/guests', { anonymous: true });
  }

  purchaseToken(saleId: string): Promise<Answer<{ token: string; expiresAt: string }>> {
    return this.call('POST', `/v1/sales/${saleId}/purchase-tokens`);
  }

  /** Claims units. The same key is the same order, however often it is asked. */
  claim(
    saleId: string, { key, quantity }: { readonly key: string; readonly quantity: number },
    purchaseToken: string | null,
  ): Promise<Answer<Order>> {
    const headers: Record<string, string> = { 'Idempotency-Key': key };
    if (purchaseToken) headers['Purchase-Token'] = purchaseToken;
    const body = JSON.stringify({ quantity });
    return this.call('POST', `/v1/sales/${saleId}/orders`, { headers, body, anonymous: purchaseToken !== null });
  }

  cancel(orderId: string): Promise<Answer<Order>> {
    return this.call('POST', `/v1/orders/${orderId}/cancel`);
  }

  pay(orderId: string): Promise<Answer<{ paymentId: string; checkoutUrl: string }>> {
    return this.call('POST', `/v1/orders/${orderId}/payments`, { body: '{}' });
  }

  private async call<T>(
    method: string, path: string,
    { headers = {}, body, anonymous = false }: Request = {},
  ): Promise<Answer<T>> {
    const bearer = anonymous ? null : this.bearer();
    if (bearer) headers['Authorization'] = `Bearer ${bearer}`;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), timeoutMs);
    try {
      const response = await fetch(this.root + path, {
        method, headers, body: body ?? null, cache: 'no-store', signal: giveUp.signal,
      });
      return await read<T>(response, this.hear);
    } catch {
      return { ok: false, problem: 'no-answer', body: {}, retryAfterMs: null };
    } finally {
      clearTimeout(timer);
    }
  }
}

async function read<T>(response: Response, hear: (now: string) => void): Promise<Answer<T>> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  if (typeof body['now'] === 'string') hear(body['now']);
  if (response.ok) return { ok: true, status: response.status, body: body as T };
  const seconds = Number(response.headers.get('Retry-After') ?? NaN);
  return {
    ok: false,
    problem: problemOf(body['type']) ?? (response.status >= 500 ? 'no-answer' : `status-${response.status}`),
    body,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : null,
  };
}

/** A problem's name is the end of its type. */
function problemOf(type: unknown): string | null {
  return typeof type === 'string' && type.includes('/problems/') ? type.slice(type.lastIndexOf('/') + 1) : null;
}
