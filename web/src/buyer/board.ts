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
    this.act = sign.button.act;
    setText(this.button, sign.button.text);
    // Not `disabled`: whoever waits on the button with a keyboard keeps it when it lights up.
    setAttribute(this.button, 'aria-disabled', sign.button.act ? null : 'true');
    setAttribute(this.button, 'aria-busy', sign.button.isBusy ? 'true' : null);
    setText(this.hint, sign.links.length > 0 ? '' : sign.hint);
    this.showLinks(sign.links);
  }

  private showLinks(links: Sign['links']): void {
    const shown = JSON.stringify(links);
    if (shown === this.linked) return;
    this.linked = shown;
    this.links.replaceChildren(...links.map(({ text, act, href }) => {
      if (href !== undefined) return h('a', { href }, text);
      const button = h('button', { class: 'quiet', type: 'button' }, text);
      button.addEventListener('click', () => act?.());
      return button;
    }));
  }
}
