import { backoffMs } from '../shared/backoff';
import { ServerClock } from '../shared/clock';
import { byId, h } from '../shared/dom';
import { Api } from './api';
import { Board, type Sign } from './board';
import { Holder } from './holder';
import { Identity } from './identity';
import { Live } from './live';
import { Pass, pause } from './pass';
import { reserved } from './signs';
import type { Speech, Word } from './speech';
import type { LiveMessage, Order, Terms } from './types';

type Known = Order | 'unknown' | null;

/**
 * The page of an order: where it is, what happened to it, its payment. What moves the order is told by the push of its
 * sale, which takes the buyer's purchase token; the page asks too, often where there is no push, and seldom where there
 * is, for what becomes of money that goes back is no change of the order.
 */
export class OrderPage {
  private order: Known = null;
  private isConnected = false;
  private isFollowing = false;
  private wake: () => void = () => undefined;
  private readonly clock = new ServerClock();
  private readonly api: Api;
  private readonly pass: Pass;
  private readonly live: Live;
  private readonly holder: Holder;
  private readonly board = new Board(byId('stage'));

  constructor(
    private readonly root: string, private readonly speech: Speech, private readonly terms: Terms,
    private readonly orderId: string,
  ) {
    const identity = new Identity(root);
    this.api = new Api(root, () => identity.bearer, (now) => this.clock.hear(now));
    this.pass = new Pass(terms.id, root, this.api, identity, () => this.clock.now(), {
      onToken: () => undefined, onSignedIn: () => undefined,
    });
    this.live = new Live(`${root}/v1/sales/${terms.id}/live`, () => this.pass.current, {
      hear: (message) => this.heard(message),
      connected: (isConnected) => this.connected(isConnected),
    });
    this.holder = new Holder(this.api, {
      order: () => (this.order === 'unknown' ? null : this.order),
      took: (order) => this.take(order),
      readAnew: () => this.read(),
      show: () => this.show(),
    });
  }

  async start(): Promise<void> {
    this.show();
    setInterval(() => this.show(), 200);
    const sale = await this.api.sale(this.terms.id);
    if (sale.ok) this.clock.hear(sale.body.now);
    for (let asked = 1; ; asked++) {
      if (!document.hidden) await this.read();
      if (this.order === 'unknown') return;
      this.follow();
      const isSoon = this.isMoving() && !this.isConnected;
      const waitMs = isSoon ? backoffMs(1, 3_000, 3_000) : backoffMs(asked, 5_000, 60_000);
      await Promise.race([pause(waitMs), new Promise<void>((wake) => (this.wake = wake))]);
    }
  }

  /** Takes the push while the order moves; where the sale is closed nobody gets a purchase token, and the page asks. */
  private follow(): void {
    if (!this.isMoving()) {
      this.pass.end();
      this.live.end();
    } else if (this.order !== null && !this.isFollowing) {
      this.isFollowing = true;
      void this.pass.need().then((token) => token && this.isMoving() && this.live.connect());
    }
  }

  private heard(message: LiveMessage): void {
    this.clock.hear(message.now);
    const orders = message.type === 'snapshot' ? message.orders : message.type === 'order' ? [message.order] : [];
    const told = orders.find((order) => order.id === this.orderId);
    if (told) this.take(told);
  }

  private connected(isConnected: boolean): void {
    const wasConnected = this.isConnected;
    this.isConnected = isConnected;
    if (wasConnected && !isConnected) this.wake();
  }

  private isMoving(): boolean {
    const { order } = this;
    return order === null || (order !== 'unknown'
      && (order.status === 'queued' || order.status === 'reserved' || order.payment?.status === 'refund_due'));
  }

  private async read(): Promise<void> {
    const answer = await this.api.order(this.orderId);
    if (answer.ok) this.take(answer.body);
    else if (answer.problem === 'order-not-found' || answer.problem === 'unauthenticated') this.take('unknown');
  }

  private take(order: Known): void {
    const known = this.order;
    if (order && order !== 'unknown' && known && known !== 'unknown' && order.revision < known.revision) return;
    this.order = order;
    this.show();
    byId('history').replaceChildren(...(order && order !== 'unknown' ? this.history(order) : []));
  }

  private show(): void {
    this.board.show(this.sign());
  }

  private sign(): Sign {
    const say = this.speech.say.bind(this.speech);
    const back = { text: say('backToSale'), act: () => location.assign(`${this.root}/s/${this.terms.id}`) };
    const plain = (kind: string, tone: Sign['tone'], head: Word, text: string): Sign =>
      ({ kind, tone, head: say(head), text, figure: null, level: null, button: back, links: [], hint: '' });
    const wait = (word: Word): Sign['button'] => ({ text: say(word), act: null, isBusy: true });
    const order = this.order;
    if (order === null) {
      return { ...plain('loading', 'wait', 'loading', say('loadingText')), button: wait('askingButton') };
    }
    if (order === 'unknown') return plain('unknown', 'off', 'orderUnknown', say('orderUnknownText'));
    switch (order.status) {
      case 'queued':
        return { ...plain('queued', 'wait', 'queued', say('queuedText')), button: wait('queuedButton') };
      case 'reserved': {
        const until = Date.parse(order.expiresAt ?? '');
        const stage = {
          kind: 'reserved', order, leftMs: Math.max(0, until - this.clock.now()),
          ofMs: Math.max(1, until - Date.parse(order.reservedAt ?? '')),
        } as const;
        return reserved(stage, this.speech, this.holder, '');
      }
      case 'paid':
        return plain('paid', 'good', 'paid', say('paidText'));
      case 'expired':
        return plain('expired', 'off', 'orderExpired', this.money(order) ?? say('orderExpiredText'));
      case 'cancelled':
        return plain('cancelled', 'off', 'orderCancelled', this.money(order) ?? say('orderCancelledText'));
      case 'rejected':
        return plain('rejected', 'off', 'orderRejected', this.money(order) ?? say('orderRejectedText'));
    }
  }

  /** What becomes of money that came too late; null where none did. */
  private money(order: Order): string | null {
    const status = order.payment?.status;
    return status === 'refund_due' ? this.speech.say('refunding')
      : status === 'refunded' ? this.speech.say('refunded')
      : null;
  }

  private history(order: Order): HTMLElement[] {
    const { speech } = this;
    const facts: [Word, string][] = [['number', order.id]];
    if (order.quantity !== null) facts.push(['copies', speech.whole(order.quantity)]);
    if (order.amount) facts.push(['amount', speech.money(order.amount)]);
    const rows = facts.flatMap(([word, value]) => [h('dt', {}, speech.say(word)), h('dd', {}, value)]);
    const steps = stepsOf(order).map(({ word, at }) => h(
      'li', {}, h('span', {}, speech.say(word)),
      at && h('time', { datetime: at }, speech.moment(at, this.clock.now())),
    ));
    return [
      h('dl', { class: 'facts' }, ...rows),
      h('h2', {}, speech.say('history')),
      h('ol', { class: 'steps' }, ...steps),
    ];
  }
}

/** What happened to an order, the first first. */
export function stepsOf(order: Order): { readonly word: Word; readonly at: string | null }[] {
  const steps: { word: Word; at: string | null }[] = [];
  const add = (word: Word, at: string | null): unknown => steps.push({ word, at });
  if (order.status === 'queued') add('hasQueued', null);
  if (order.reservedAt) add('hasReserved', order.reservedAt);
  if (order.payment?.status === 'failed') add('payFailed', null);
  if (order.status === 'expired') add('hasExpired', order.expiresAt);
  if (order.status === 'cancelled') add('hasCancelled', null);
  if (order.status === 'rejected') add('hasRejected', null);
  if (order.paidAt) add('hasPaid', order.paidAt);
  if (order.payment?.status === 'refund_due') add('hasRefundDue', null);
  if (order.payment?.status === 'refunded') add('hasRefunded', null);
  return steps;
}
