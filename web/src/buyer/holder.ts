import { backoffMs } from '../shared/backoff';
import type { Answer, Api } from './api';
import { pause } from './pass';
import type { Word } from './speech';
import type { Order } from './types';

/** What a click on an order has begun. */
export interface Busy {
  readonly isPaying: boolean;
  readonly isGivingBack: boolean;
  /** Whether it is asked if the buyer is sure. */
  readonly isUnsure: boolean;
  /** What did not work, in words. */
  readonly trouble: Word | null;
}

/** What the holder must know of its page. */
export interface HolderPage {
  order(): Order | null;
  /** There is word of the order. */
  took(order: Order): void;
  /** Reads anew how the order is. */
  readAnew(): Promise<unknown>;
  show(): void;
}

const idle: Busy = { isPaying: false, isGivingBack: false, isUnsure: false, trouble: null };

/** Asked so often before the buyer is told that it does not work. */
const mostTries = 4;

/** A checkout that has not come by then does not come: the browser did not go there. */
const stuckMs = 15_000;

const passing = ['no-answer', 'busy', 'outcome-unknown', 'rate-limited', 'request-timeout'];

/** One who holds units and pays for them, or gives them back after a question: on the sale's page and the order's. */
export class Holder {
  busy = idle;

  constructor(private readonly api: Api, private readonly page: HolderPage) {}

  readonly deeds = {
    pay: (): void => void this.pay(),
    giveBack: (): void => this.set({ isUnsure: true, trouble: null }),
    keep: (): void => this.set({ isUnsure: false }),
    giveBackNow: (): void => void this.giveBack(),
  };

  /** What was begun with one order is nothing to the next. */
  forget(): void {
    this.busy = idle;
  }

  private set(busy: Partial<Busy>): void {
    this.busy = { ...this.busy, ...busy };
    this.page.show();
  }

  private async pay(): Promise<void> {
    const order = this.page.order();
    if (!order || this.busy.isPaying) return;
    this.set({ isPaying: true, trouble: null });
    const answer = await patiently(() => this.api.pay(order.id));
    if (answer.ok) {
      location.assign(answer.body.checkoutUrl);
      await pause(stuckMs);
    } else {
      await this.page.readAnew();
    }
    this.set({ isPaying: false, trouble: 'payTrouble' });
  }

  private async giveBack(): Promise<void> {
    const order = this.page.order();
    if (!order || this.busy.isGivingBack) return;
    this.set({ isUnsure: false, isGivingBack: true });
    const answer = await patiently(() => this.api.cancel(order.id));
    if (answer.ok) this.page.took(answer.body);
    else await this.page.readAnew();
    this.set({ isGivingBack: false, trouble: answer.ok ? null : 'giveBackTrouble' });
  }
}

/** Asks again where the shop is busy or nobody answered: both calls may be made again, and are done once. */
async function patiently<T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  for (let tries = 1; ; tries++) {
    const answer = await ask();
    if (answer.ok || tries === mostTries || !passing.includes(answer.problem)) return answer;
    await pause(Math.max(answer.retryAfterMs ?? 0, backoffMs(tries, 500, 4_000)));
  }
}
