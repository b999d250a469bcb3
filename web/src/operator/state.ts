import type { Desk } from './desk';
import type { Notices } from './dialogs';
import type { History } from './history';
import type { Speech } from './speech';
import type { Link } from './stream';
import type { Figures } from './types';

/** What every view shows a part of. */
export interface Board {
  readonly speech: Speech;
  readonly desk: Desk;
  readonly notices: Notices;
  readonly history: History;
  readonly link: Link;
  /** What the server said last; null before its first word. */
  readonly figures: Figures | null;
  /** Goes to another view. */
  go(hash: string): void;
  /** Tells what went wrong with a wish. */
  fail(fault: unknown): void;
}

/** A part of the page that shows what the board has. */
export interface View {
  readonly element: HTMLElement;
  update(): void;
  /** It is shown no more. */
  leave?(): void;
}
