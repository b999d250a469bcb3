import { createStore, get, update } from 'idb-keyval';
import { ofBrowser } from './storage';

/**
 * What all tabs of a browser agree on: each change sees all earlier ones. It is kept in IndexedDB, for localStorage
 * promises no order between tabs (HTML standard, "Web storage", on its lack of locking): Chromium let a tab read it as
 * it was before a write that had ended, even under a lock that the writer had given back since.
 *
 * A copy is put into localStorage, for who cannot wait and to be told of changes; it may be older for a moment. Where
 * the database is switched off or does not answer, the copy is all there is, and the next to reach the database takes
 * over what was changed meanwhile.
 */
interface Note {
  /** Grows with each change: of database and copy the higher counts. */
  readonly turn: number;
  readonly text: string | null;
}

const none: Note = { turn: 0, text: null };

/** A database that has not answered by then is done without until the page is opened anew. */
const patienceMs = 1_000;

const open = () => createStore('doorbuster', 'agreed');
let database = open();
let isSilent = false;

/** What was agreed on as far as this tab knows already; null where that is nothing. */
export function lastKnown(name: string): string | null {
  return copyOf(name).text;
}

/** What is agreed on; null where nothing is. */
export async function agreedOn(name: string): Promise<string | null> {
  return newer(await patiently(() => get<Note>(name, database)), copyOf(name)).text;
}

/**
 * Changes what is agreed on.
 *
 * @param change Gives the new text for the present one, or null for nothing. Where it is called again, because the
 *   database failed, the last call counts.
 * @returns The new text.
 */
export async function agree(name: string, change: (text: string | null) => string | null): Promise<string | null> {
  let made: Note | undefined;
  const make = (kept: Note): Note => (made = { turn: kept.turn + 1, text: change(kept.text) });
  const copy = (note: Note): void => ofBrowser.set(name, JSON.stringify(note));
  await patiently((isLate) =>
    update<Note>(name, (kept) => (isLate() ? kept! : make(newer(kept, copyOf(name)))), database));
  if (made) copy(made);
  else await alone(name, async () => copy(make(copyOf(name))));
  return made!.text;
}

/** Told when another tab has changed what is agreed on. */
export function onAgreed(name: () => string, tell: (text: string | null) => void): void {
  addEventListener('storage', (event) => event.key === name() && tell(parse(event.newValue).text));
}

const newer = (kept: Note | undefined, copy: Note): Note => (kept && kept.turn >= copy.turn ? kept : copy);

const copyOf = (name: string): Note => parse(ofBrowser.get(name));

function parse(json: string | null): Note {
  try {
    const { turn, text } = JSON.parse(json ?? 'null') ?? none;
    return Number.isInteger(turn) && (text === null || typeof text === 'string') ? { turn, text } : none;
  } catch {
    return none;
  }
}

/** Asks the database: once more where its connection had broken, and not for longer than may be. */
async function patiently<T>(ask: (isLate: () => boolean) => Promise<T>): Promise<T | undefined> {
  if (isSilent) return undefined;
  let isLate = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((done) => (timer = setTimeout(() => {
    isLate = isSilent = true;
    done(undefined);
  }, patienceMs)));
  const asked = async (): Promise<T> => ask(() => isLate);
  const answer = asked().catch(() => {
    database = open();
    return asked();
  }).catch(() => undefined);
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** One tab of this browser at a time; without locks, as it is. */
function alone<T>(name: string, act: () => Promise<T>): Promise<T> {
  return globalThis.navigator?.locks ? (navigator.locks.request(name, act) as Promise<T>) : act();
}
