import type { Api } from './api';
import type { Attempt } from './attempt';
import { resumes } from './attempt';
import { backoffMs } from '../shared/backoff';
import { judge, type Verdict } from './judge';
import type { Happening } from './model';
import type { Notebook } from './notebook';
import { pause, type Pass } from './pass';
import type { Order } from './types';

/** After so long without an answer the buyer is told that it takes longer than it should. */
const slowMs = 3_000;

/** What the counter must know of its page. */
export interface Customer {
  readonly saleId: string;
  readonly needsPass: boolean;
  now(): number;
  /** Whether a click still waits; the push may have brought its order. */
  isAsking(): boolean;
  /** The order the page shows; null where there is none. */
  shown(): string | null;
  happened(happening: Happening): void;
  /** Reads the buyer's orders of this sale anew. */
  readOrders(): Promise<void>;
}

/**
 * Where a click becomes an order, once: it is put on record before it is asked, and asked under the same key until it
 * is answered, through lost connections, reloads and other tabs.
 */
export class Counter {
  /** The try that this page waits for; null where it waits for none. */
  private open: Attempt | null = null;

  constructor(
    private readonly api: Api,
    private readonly pass: Pass,
    private readonly notebook: Notebook,
    private readonly customer: Customer,
  ) {}

  /** The buyer clicks. What is shown changes at once; one click waits at a time. */
  async buy(quantity = 1): Promise<void> {
    if (this.customer.isAsking()) return;
    const shown = this.customer.shown();
    this.customer.happened({ type: 'asked' });
    let decision = await this.notebook.click(shown, quantity, this.customer.now());
    if ('adopt' in decision) {
      if (await this.adopt(decision.adopt)) return;
      await this.notebook.forget();
      decision = await this.notebook.click(shown, quantity, this.customer.now());
    }
    if ('ask' in decision) await this.ask(decision.ask);
  }

  /** Goes on with a click that was not answered before the page went. */
  async resume(): Promise<void> {
    const attempt = await this.notebook.read();
    if (this.customer.isAsking()) return;
    if (attempt?.orderId) await this.customer.readOrders();
    else if (resumes(attempt, this.customer.now()) && this.notebook.isOwn(attempt)) {
      this.customer.happened({ type: 'asked' });
      await this.ask(attempt);
    }
  }

  /**
   * Shows the order that another tab got.
   *
   * @returns False where it is no order of this buyer's: then somebody else was here, or another shop.
   */
  async adopt(orderId: string): Promise<boolean> {
    const answer = await this.api.order(orderId);
    if (!answer.ok && answer.problem === 'order-not-found') return false;
    this.customer.happened({ type: 'answered', order: answer.ok ? answer.body : null, refusal: null });
    return true;
  }

  /** An order came otherwise than by the reply while a click waited: it is the answer, and its key is used up. */
  told(orderId: string): void {
    if (this.open) void this.notebook.answer(this.open, orderId);
    this.open = null;
  }

  private async ask(attempt: Attempt): Promise<void> {
    this.open = attempt;
    const slow = setTimeout(() => this.customer.happened({ type: 'unanswered' }), slowMs);
    await this.askUntilAnswered(attempt).finally(() => clearTimeout(slow));
  }

  private async askUntilAnswered(attempt: Attempt): Promise<void> {
    let [failures, badPasses] = [0, 0];
    while (this.open === attempt && this.customer.isAsking()) {
      const verdict = await this.askOnce(attempt);
      if (this.open !== attempt) return this.late(verdict);
      if (verdict.is === 'order') return this.answered(attempt, verdict.order);
      if (verdict.is === 'refused') return this.refused(attempt, verdict);
      if (verdict.is === 'token' && ++badPasses < 4) {
        this.pass.drop();
      } else if (verdict.is === 'again') {
        this.customer.happened({ type: 'unanswered' });
        await pause(verdict.atLeastMs + backoffMs(++failures, 300, 5_000));
      } else {
        return this.refused(attempt, { is: 'refused', refusal: verdict.is === 'stranger' ? null : 'failed' });
      }
    }
    // Another tab was quicker than this one could ask.
    if (this.open === attempt) this.told(this.customer.shown()!);
  }

  /** A reply to a try that was answered otherwise is news of its order, and no answer to what was clicked since. */
  private late(verdict: Verdict): void {
    if (verdict.is === 'order') this.customer.happened({ type: 'orders', orders: [verdict.order] });
  }

  private async askOnce(attempt: Attempt): Promise<Verdict> {
    const pass = this.customer.needsPass ? await this.pass.need() : null;
    if (this.customer.needsPass && pass === null) return { is: 'stranger' };
    return judge(await this.api.claim(this.customer.saleId, attempt, pass), this.customer.now());
  }

  private answered(attempt: Attempt, order: Order): void {
    this.open = null;
    void this.notebook.answer(attempt, order.id);
    this.customer.happened({ type: 'answered', order, refusal: null });
  }

  private async refused(attempt: Attempt, verdict: Extract<Verdict, { is: 'refused' }>): Promise<void> {
    this.open = null;
    void this.notebook.answer(attempt, null);
    if (verdict.refusal === 'buyer-limit-reached') await this.customer.readOrders();
    this.customer.happened({ type: 'answered', order: null, refusal: verdict.refusal });
  }
}
