import { backoffMs } from '../shared/backoff';
import { ServerClock } from '../shared/clock';
import { byId, setText } from '../shared/dom';
import { Api } from './api';
import { Board } from './board';
import { Counter } from './counter';
import { Holder } from './holder';
import { Identity } from './identity';
import { Live } from './live';
import { after, begin, newest, type Happening, type Model } from './model';
import { Notebook } from './notebook';
import { Pass, pause } from './pass';
import { signOf, type Deeds } from './signs';
import type { Speech } from './speech';
import { stageOf } from './stage';
import type { LiveMessage, Terms } from './types';

/** How often a countdown is looked at. */
const tickMs = 200;

/** The page of a sale: it hears what happens, and shows what the buyer can do. */
export class SalePage {
  private model: Model;
  private wanted = 1;
  private readonly clock = new ServerClock();
  private readonly identity: Identity;
  private readonly api: Api;
  private readonly pass: Pass;
  private readonly live: Live;
  private readonly counter: Counter;
  private readonly notebook: Notebook;
  private readonly holder: Holder;
  private readonly board = new Board(byId('stage'));
  private polls = 0;

  constructor(private readonly root: string, private readonly speech: Speech, terms: Terms) {
    this.model = begin(terms);
    this.identity = new Identity(root);
    this.api = new Api(root, () => this.identity.bearer, (now) => this.clock.hear(now));
    const now = (): number => this.clock.now();
    this.pass = new Pass(terms.id, root, this.api, this.identity, now, {
      onToken: (hasToken, isFirst) => {
        this.happened({ type: 'token', hasToken });
        if (isFirst) this.live.connect();
      },
      onSignedIn: (isSignedIn) => this.happened({ type: 'signed-in', isSignedIn }),
    });
    this.live = new Live(`${root}/v1/sales/${terms.id}/live`, () => this.pass.current, {
      hear: (message) => this.heard(message),
      connected: (isConnected) => this.connected(isConnected),
    });
    this.notebook = new Notebook(
      () => `doorbuster.try${root}/${terms.id}/${this.identity.name}`, () => this.identity.bearer !== null);
    this.counter = new Counter(this.api, this.pass, this.notebook, {
      saleId: terms.id,
      needsPass: terms.requirePurchaseToken,
      now,
      isAsking: () => this.model.asking !== null,
      shown: () => newest(this.model)?.id ?? null,
      happened: (happening) => this.happened(happening),
      readOrders: () => this.readOrders(),
    });
    this.holder = new Holder(this.api, {
      order: () => newest(this.model),
      took: (order) => this.happened({ type: 'orders', orders: [order] }),
      readAnew: () => this.readOrders(),
      show: () => this.show(),
    });
  }

  async start(): Promise<void> {
    this.show();
    setInterval(() => this.show(), tickMs);
    this.notebook.onOrder((orderId) => this.model.orders[orderId] || void this.counter.adopt(orderId));
    this.live.connect();
    const answer = await this.api.sale(this.model.terms.id);
    if (answer.ok) this.happened({ type: 'sale', sale: answer.body });
    this.pass.plan(this.model.terms.opensAt);
    await this.counter.resume();
  }

  private happened(happening: Happening): void {
    const { asking } = this.model;
    this.model = after(this.model, happening);
    if (asking !== null && this.model.asking === null && happening.type === 'orders') {
      this.counter.told(newest(this.model)!.id);
    }
    if (this.model.sale?.state === 'closed') this.pass.end();
    this.show();
  }

  private heard(message: LiveMessage): void {
    this.clock.hear(message.now);
    if (message.type === 'snapshot') {
      this.happened({ type: 'orders', orders: message.orders });
      this.happened({ type: 'sale', sale: message.sale });
    } else if (message.type === 'sale') {
      this.happened({ type: 'sale', sale: message });
    } else if (message.type === 'order') {
      this.happened({ type: 'orders', orders: [message.order] });
    }
  }

  private connected(isConnected: boolean): void {
    const wasConnected = this.model.isConnected;
    this.happened({ type: 'connected', isConnected });
    if (wasConnected && !isConnected) void this.poll(++this.polls);
  }

  /** While no word comes in, the page asks: soon at first, then more and more seldom. */
  private async poll(turn: number): Promise<void> {
    for (let asked = 1; ; asked++) {
      await pause(backoffMs(asked, 1_000, 8_000));
      if (this.model.isConnected || turn !== this.polls) return;
      if (document.hidden) continue;
      const answer = await this.api.sale(this.model.terms.id);
      if (answer.ok) this.happened({ type: 'sale', sale: answer.body });
      if (newest(this.model)) await this.readOrders();
    }
  }

  private async readOrders(): Promise<void> {
    const answer = await this.api.orders(this.model.terms.id);
    if (answer.ok) this.happened({ type: 'orders', orders: answer.body.items });
  }

  private show(): void {
    const { speech, deeds, holder, wanted } = this;
    const nowMs = this.clock.now();
    this.board.show(signOf(stageOf(this.model, nowMs), this.model, { speech, deeds, holder, wanted, nowMs }));
    const price = document.querySelector('.price data');
    if (price) setText(price, this.speech.money(this.model.terms.price));
  }

  private readonly deeds: Deeds = {
    buy: (quantity) => {
      this.wanted = 1;
      this.holder.forget();
      void this.counter.buy(quantity);
    },
    choose: (quantity) => {
      this.wanted = quantity;
      this.show();
    },
    orderHref: (orderId) => `${this.root}/o/${orderId}`,
  };
}

/** A page that comes back from the checkout by the browser's own way is to say what is now. */
addEventListener('pageshow', (event) => event.persisted && location.reload());
