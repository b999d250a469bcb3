import { h, setAttribute, setText } from '../shared/dom';
import type { Board } from './state';
import { atMost, isWell, judge, type Answer, type Level } from './verdict';

const SIGNS: Record<Level, string> = { good: '✓', idle: '–', warn: '!', bad: '✕' };

/** The page's head: where one can go, and the answers to the three questions. */
export class Head {
  readonly top: HTMLElement;
  readonly verdict: HTMLElement;
  private readonly links: HTMLAnchorElement[];
  private readonly lettersBadge = h('span', { class: 'badge', hidden: true });
  private readonly nodesBadge = h('span', { class: 'badge', hidden: true });
  private readonly link = h('p', { role: 'status' });
  private readonly tiles = ['selling', 'right', 'stuck'].map((question) => new Tile(this.board, question));

  constructor(private readonly board: Board, onSignOut: () => void) {
    const { speech } = board;
    const link = (href: string, name: string, badge?: HTMLElement) => h('a', { href }, speech.t(name), badge);
    this.links = [
      link('#/', 'overview'), link('#/letters', 'letters', this.lettersBadge),
      link('#/nodes', 'nodes', this.nodesBadge),
    ];
    const out = h('button', { type: 'button', class: 'quiet' }, speech.t('signOut'));
    out.addEventListener('click', onSignOut);
    this.top = h(
      'header', { class: 'top' }, h('h1', {}, h('span', { class: 'brand' }, 'Doorbuster'), ' ', speech.t('operator')),
      h('nav', { 'aria-label': speech.t('views') }, ...this.links),
      h('div', { class: 'row' }, this.link, ...languages(board), out));
    this.verdict = h('section', { class: 'verdict', 'aria-label': speech.t('verdict') },
      ...this.tiles.map((tile) => tile.element));
  }

  update(hash: string): void {
    const { speech, figures, link, history } = this.board;
    const place = ['#/letters', '#/nodes'].indexOf(hash) + 1;
    this.links.forEach((one, i) => setAttribute(one, 'aria-current', i === place ? 'page' : null));
    setText(this.link, speech.t(`link.${link}`));
    setAttribute(this.link, 'class', `link ${link}`);
    const verdict = figures === null ? null : judge(figures, history);
    const isLost = link === 'lost';
    const lost = (level: Level, text: string, word: string): Answer[] =>
      [{ level, text, word, holes: figures ? { time: figures.now } : {} }];
    const old = figures ? lost('warn', 'oldFigures', 'right.warn') : [];
    this.tiles[0]!.show(isLost ? old : verdict ? [verdict.selling] : []);
    this.tiles[1]!.show(isLost ? old : verdict ? [verdict.right] : []);
    this.tiles[2]!.show(isLost ? lost('bad', 'stuckLink', 'stuck.bad') : (verdict?.stuck ?? []));
    badge(this.lettersBadge, figures?.deadLetters ?? 0, atMost(figures?.deadLetters ?? 0));
    const ill = (figures?.nodes ?? []).filter((node) => !isWell(node)).length;
    badge(this.nodesBadge, ill, String(ill));
    const sign = isLost ? SIGNS.bad : verdict ? SIGNS[worst([verdict.right, ...verdict.stuck])] : '…';
    document.title = `${sign} ${speech.t('title')}`;
  }
}

/** One question with its answer. */
class Tile {
  readonly element: HTMLElement;
  private readonly sign = h('span', { class: 'sign', 'aria-hidden': 'true' });
  private readonly word = h('strong', {});
  private readonly text = h('p', {});

  constructor(private readonly board: Board, private readonly question: string) {
    this.element = h(
      'div', { class: 'tile' }, this.sign,
      h('div', {}, h('h2', {}, board.speech.t(`ask.${question}`)), this.word, this.text));
  }

  /** Shows answers, the worst of which gives the word. */
  show(answers: readonly Answer[]): void {
    const { speech } = this.board;
    const level = answers.length === 0 ? 'idle' : worst(answers);
    setAttribute(this.element, 'class', `tile ${level}`);
    setText(this.sign, answers.length === 0 ? '…' : SIGNS[level]);
    const word = answers[0]?.word ?? `${this.question}.${level}`;
    setText(this.word, speech.t(answers.length === 0 ? 'waiting' : word));
    setText(this.text, answers.map(({ text, holes }) => speech.t(text, {
      ...holes, ...(typeof holes['time'] === 'string' ? { time: speech.time(holes['time']) } : {}),
    })).join(' '));
  }
}

function languages({ speech }: Board): HTMLElement[] {
  return speech.others.map(({ language, name, tag }) =>
    h('a', { href: `?lang=${language}${location.hash}`, hreflang: tag, lang: tag, class: 'language' }, name));
}

function worst(answers: readonly Answer[]): Level {
  const order: Level[] = ['bad', 'warn', 'idle', 'good'];
  return order.find((level) => answers.some((answer) => answer.level === level)) ?? 'good';
}

function badge(element: HTMLElement, count: number, text: string): void {
  element.hidden = count === 0;
  setText(element, text);
}
