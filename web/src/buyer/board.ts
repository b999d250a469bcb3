import { h, setAttribute, setText } from '../shared/dom';
import { Stepper, type Choice } from './stepper';

/** What the stage shows, in words: the same parts in every state, so that nothing moves when it changes. */
export interface Sign {
  /** The look: which of the colours, and which mark. */
  readonly tone: 'calm' | 'go' | 'wait' | 'good' | 'off';
  readonly kind: string;
  readonly head: string;
  readonly text: string;
  /** A large number, counted down; null where there is none. */
  readonly figure: { readonly text: string; readonly label: string } | null;
  /** How much is left, from 1 to 0; null where nothing runs out. */
  readonly level: number | null;
  /** How many units are wanted; none where there is nothing to choose. */
  readonly choice?: Choice | null;
  readonly button: { readonly text: string; readonly act: (() => void) | null; readonly isBusy?: boolean };
  /** What else can be done; where there is any, there is no hint. */
  readonly links: readonly { readonly text: string; readonly act?: () => void; readonly href?: string }[];
  readonly hint: string;
}

/**
 * A press takes its time: for so long after a button has come to do something else, a press was meant for what it did
 * before. It is as long as the two clicks of a double click may lie apart.
 */
const settleMs = 500;

/**
 * The stage of a page. Its parts are made once and changed in place: focus stays where it was, a screen reader hears
 * only what is new, and the one large button is always in the same place.
 */
export class Board {
  private readonly head = h('p', { class: 'head' });
  private readonly text = h('p', { class: 'text' });
  private readonly figure = h('p', { class: 'figure', role: 'timer', 'aria-live': 'off' });
  private readonly choice = new Stepper();
  private readonly level = h('div', { class: 'level', 'aria-hidden': 'true' }, h('span'));
  private readonly button = h('button', { class: 'act', type: 'button' });
  private readonly links = h('p', { class: 'links' });
  private readonly hint = h('p', { class: 'hint' });
  private act: (() => void) | null = null;
  /** The kind of stage whose deed the button did last, and when it last did one or was busy with it. */
  private acted: string | null = null;
  private aliveAtMs = -Infinity;
  private settledAtMs = 0;
  private linkedAtMs = -Infinity;
  private linked = '';

  constructor(private readonly stage: HTMLElement) {
    const status = h('div', { class: 'status', role: 'status' }, this.head, this.text);
    const foot = h('div', { class: 'foot' }, this.hint, this.links);
    stage.replaceChildren(status, this.figure, this.choice.element, this.level, this.button, foot);
    this.button.addEventListener('click', () => this.act?.());
  }

  show(sign: Sign): void {
    setAttribute(this.stage, 'data-kind', sign.kind);
    setAttribute(this.stage, 'data-tone', sign.tone);
    setText(this.head, sign.head);
    setText(this.text, sign.text);
    setText(this.figure, sign.figure?.text ?? '');
    this.figure.classList.toggle('long', (sign.figure?.text.length ?? 0) > 5);
    setAttribute(this.figure, 'aria-label', sign.figure ? `${sign.figure.label} ${sign.figure.text}` : null);
    this.choice.show(sign.choice ?? null);
    setAttribute(this.level, 'data-on', sign.level !== null);
    if (sign.level !== null) (this.level.firstElementChild as HTMLElement).style.width = `${sign.level * 100}%`;
    const isEarly = this.isEarly(sign);
    this.act = isEarly ? null : sign.button.act;
    setText(this.button, sign.button.text);
    // Not `disabled`: whoever waits on the button with a keyboard keeps it when it lights up.
    setAttribute(this.button, 'aria-disabled', this.act ? null : 'true');
    setAttribute(this.button, 'data-early', isEarly);
    setAttribute(this.button, 'aria-busy', sign.button.isBusy ? 'true' : null);
    setText(this.hint, sign.links.length > 0 ? '' : sign.hint);
    this.showLinks(sign.links);
  }

  /**
   * Whether the button has begun to do something else a moment ago: to pay, where it has just bought. One that lights
   * up after it was dark for a while, as at noon, may be pressed at once.
   */
  private isEarly({ kind, button }: Sign): boolean {
    const nowMs = performance.now();
    if (button.act && kind !== this.acted) {
      if (this.acted !== null && nowMs - this.aliveAtMs < settleMs) this.settledAtMs = nowMs + settleMs;
      this.acted = kind;
    }
    if (button.act || button.isBusy) this.aliveAtMs = nowMs;
    return button.act !== null && nowMs < this.settledAtMs;
  }

  private showLinks(links: Sign['links']): void {
    const nowMs = performance.now();
    const isOther = nowMs - this.linkedAtMs < settleMs;
    if (links.length > 0) this.linkedAtMs = nowMs;
    const shown = JSON.stringify(links);
    if (shown === this.linked) return;
    this.linked = shown;
    const hadFocus = this.links.contains(document.activeElement);
    this.links.replaceChildren(...links.map(({ text, act, href }) => {
      if (href !== undefined) return h('a', { href }, text);
      const button = h('button', { class: 'quiet', type: 'button', 'aria-disabled': isOther && 'true' }, text);
      button.addEventListener('click', () => button.hasAttribute('aria-disabled') || act?.());
      if (isOther) setTimeout(() => setAttribute(button, 'aria-disabled', null), settleMs);
      return button;
    }));
    // The last gives nothing up, and where there is none any more the way on is the large one.
    if (hadFocus) ((this.links.lastElementChild ?? this.button) as HTMLElement).focus();
  }
}
