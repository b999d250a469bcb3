import { backoffMs } from '../shared/backoff';
import type { Api } from './api';
import { OrderFold } from './csv';
import type { AuditReport, DeadLetter, Sale, SaleEvent } from './types';

/** What an operator does, call by call. */
export class Desk {
  constructor(private readonly api: Api) {}

  async sale(id: string): Promise<{ sale: Sale; tag: string }> {
    const { body, headers } = await this.api.call<Sale>(`/v1/sales/${id}`);
    return { sale: body, tag: headers.get('ETag') ?? `"${body.revision}"` };
  }

  /** Every sale's id and title, so many at most. */
  async sales(most = 1000): Promise<Sale[]> {
    return this.list<Sale>('/v1/sales?limit=100', most);
  }

  async create(body: unknown): Promise<Sale> {
    return (await this.api.call<Sale>('/v1/sales', { method: 'POST', body })).body;
  }

  /** Changes terms; refused (412) where somebody has changed the sale since it was read. */
  async edit(id: string, patch: unknown, tag: string): Promise<Sale> {
    const headers = { 'If-Match': tag, 'Content-Type': 'application/merge-patch+json' };
    return (await this.api.call<Sale>(`/v1/sales/${id}`, { method: 'PATCH', body: patch, headers })).body;
  }

  async turn(id: string, what: 'pause' | 'resume' | 'close'): Promise<void> {
    await this.api.call(`/v1/sales/${id}/${what}`, { method: 'POST' });
  }

  /** Adds units once, however often it is asked with the same request id. */
  async replenish(id: string, quantity: number, requestId: string): Promise<void> {
    await this.api.call(`/v1/sales/${id}/replenish`, { method: 'POST', body: { quantity, requestId } });
  }

  async audit(id: string): Promise<AuditReport> {
    return (await this.api.call<AuditReport>(`/v1/sales/${id}/audit`)).body;
  }

  async repair(id: string): Promise<AuditReport> {
    return (await this.api.call<AuditReport>(`/v1/sales/${id}/repair`, { method: 'POST' })).body;
  }

  async letters(most = 500): Promise<DeadLetter[]> {
    return this.list<DeadLetter>('/v1/dead-letters?limit=100', most);
  }

  async replay(letter: string): Promise<void> {
    await this.api.call(`/v1/dead-letters/${encodeURIComponent(letter)}/replay`, { method: 'POST' });
  }

  /** A sale's orders as a table, made of the sale's transitions page by page. */
  async orders(id: string, signal: AbortSignal, onProgress: (orders: number) => void): Promise<Blob> {
    const fold = new OrderFold();
    for (let after: number | null = 0; after !== null;) {
      const page: { items: SaleEvent[]; next: number | null } = await this.patiently(
        `/v1/sales/${id}/events?after=${after}&limit=1000`, signal);
      page.items.forEach((event) => fold.add(event));
      onProgress(fold.size);
      after = page.next;
    }
    // The mark at the beginning tells table programs that it is UTF-8.
    return new Blob(['\ufeff', ...fold.csv()], { type: 'text/csv;charset=utf-8' });
  }

  /** Asks again where the server is busy: a long table is not to be lost for one page. */
  private async patiently<T>(path: string, signal: AbortSignal): Promise<T> {
    for (let failures = 1; ; failures++) {
      try {
        return (await this.api.call<T>(path, { signal })).body;
      } catch (fault) {
        const isBusy = fault instanceof Error && 'status' in fault && fault.status === 503;
        if (!isBusy || failures > 5 || signal.aborted) throw fault;
        await new Promise((done) => setTimeout(done, backoffMs(failures, 500, 5000)));
      }
    }
  }

  private async list<T>(path: string, most: number): Promise<T[]> {
    const items: T[] = [];
    for (let cursor = ''; items.length < most;) {
      const { body } = await this.api.call<{ items: T[]; next: string | null }>(path + cursor);
      items.push(...body.items);
      if (body.next === null) break;
      cursor = `&cursor=${encodeURIComponent(body.next)}`;
    }
    return items;
  }
}

/** A name for one wish, so that asking again is not wishing twice. */
export function newRequestId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
