import './operator.css';
import { byId, h, setAttribute } from '../shared/dom';
import { Api, Refusal } from './api';
import { Desk } from './desk';
import { Notices } from './dialogs';
import { FormView } from './form-view';
import { Head } from './head';
import { History } from './history';
import { LettersView } from './letters-view';
import { NodesView } from './nodes-view';
import { SalesView } from './sales-view';
import { SignIn, whyRefused } from './sign-in';
import { Speech } from './speech';
import type { Board, View } from './state';
import { FigureStream, type Link } from './stream';
import { takeToken } from './token';
import type { Figures } from './types';

const TOKEN = 'doorbuster.operator';

const root = document.documentElement.dataset['root'] ?? '';
const app = byId('app');
const speech = Speech.choose();

/** The dashboard of an operator who is signed in. */
class Dashboard implements Board {
  readonly speech = speech;
  readonly desk: Desk;
  readonly notices = new Notices(speech);
  readonly history = new History();
  link: Link = 'connecting';
  figures: Figures | null = null;

  private readonly api: Api;
  private readonly head: Head;
  private readonly outlet = h('main', { id: 'main' });
  private readonly stream: FigureStream;
  private extra: { sale: string; stream: FigureStream } | null = null;
  private extraFigures: Figures | null = null;
  private view: View | null = null;
  private readonly onHash = () => this.route(true);

  constructor(token: string) {
    this.api = new Api(root, token, (refusal) => this.leave(whyRefused(speech, refusal, token)));
    this.desk = new Desk(this.api);
    this.head = new Head(this, () => this.leave(''));
    app.replaceChildren(this.head.top, this.head.verdict, this.outlet, this.notices.element);
    addEventListener('hashchange', this.onHash);
    this.route(false);
    this.stream = new FigureStream(this.api, null, (figures) => this.hear(figures), (link) => this.hearLink(link));
  }

  go(hash: string): void {
    location.hash = hash;
  }

  fail(fault: unknown): void {
    if (fault instanceof Refusal) {
      const errors = (fault.problem.errors ?? []).map((error) => error.detail);
      const { title, detail, reason } = fault.problem;
      this.notices.tell([title, detail, reason, ...errors].filter(Boolean).join(' '), true);
    } else {
      this.notices.tell(speech.t('noServer'), true);
    }
  }

  private hear(figures: Figures): void {
    const known = new Set(figures.sales.map((sale) => sale.id));
    const others = (this.extraFigures?.sales ?? []).filter((sale) => !known.has(sale.id));
    this.figures = { ...figures, sales: [...figures.sales, ...others] };
    this.history.add(this.figures);
    this.askFor(this.chosen());
    this.show();
  }

  private hearLink(link: Link): void {
    this.link = link;
    this.show();
  }

  /** A sale that is not among those that are shown is followed by itself. */
  private askFor(sale: string | null): void {
    const isShown = sale === null || (this.figures?.sales ?? []).some((one) => one.id === sale);
    if (isShown || this.extra?.sale === sale) return;
    this.extra?.stream.stop();
    const hear = (figures: Figures) => { this.extraFigures = figures; };
    this.extra = { sale, stream: new FigureStream(this.api, sale, hear, () => {}) };
  }

  private chosen(): string | null {
    const match = /^#\/sales\/([a-z0-9-]+)$/.exec(location.hash);
    return match?.[1] ?? null;
  }

  private route(isMove: boolean): void {
    this.view?.leave?.();
    const { hash } = location;
    const edited = /^#\/sales\/([a-z0-9-]+)\/edit$/.exec(hash);
    this.view = hash === '#/letters' ? new LettersView(this)
      : hash === '#/nodes' ? new NodesView(this)
        : hash === '#/new' ? new FormView(this, null)
          : edited ? new FormView(this, edited[1]!)
            : new SalesView(this, root, this.chosen());
    this.outlet.replaceChildren(this.view.element);
    this.show();
    if (isMove) this.view.element.querySelector<HTMLElement>('.detail h2, h2')?.focus();
  }

  private show(): void {
    this.head.update(location.hash);
    setAttribute(this.outlet, 'class', this.link === 'lost' ? 'old' : null);
    this.view?.update();
  }

  private leave(why: string): void {
    removeEventListener('hashchange', this.onHash);
    this.stream?.stop();
    this.extra?.stream.stop();
    this.view?.leave?.();
    sessionStorage.removeItem(TOKEN);
    signIn(why);
  }
}

function signIn(why: string, token: string | null = null): void {
  document.title = speech.t('title');
  const view = new SignIn(speech, root, why, enter);
  app.replaceChildren(view.element);
  if (token !== null) void view.tryToken(token);
}

function enter(token: string): void {
  sessionStorage.setItem(TOKEN, token);
  new Dashboard(token);
}

document.documentElement.lang = speech.tag;
document.querySelector('.skip')!.textContent = speech.t('skip');
const given = takeToken(location.hash);
if (given) history.replaceState(null, '', location.pathname + location.search + (given.rest || '#/'));
const kept = sessionStorage.getItem(TOKEN);
if (given) signIn('', given.token);
else if (kept) enter(kept);
else signIn('');
document.documentElement.dataset['ready'] = 'yes';
