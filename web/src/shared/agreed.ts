import { createStore, get, update } from 'idb-keyval';
import { ofBrowser } from './storage';

/**
 * What all tabs of a browser agree on: each change sees all earlier ones. It is kept in IndexedDB, for localStorage
 * promises no order between tabs (HTML standard, "Web storage", on its lack of locking): Chromium let a tab read it as
 * it was before a write that had ended, even under a lock that the writer had given back since.
 *
 * A copy is put into localStorage, for who cannot wait and to be told of changes; it may be older for a moment. Where
 * the database is switched off or does not answer, the copy is all there is.
 */
const database = createStore('doorbuster', 'agreed');

/** A database that has not answered by then is done without until the page is opened anew. */
const patienceMs = 1_000;

let isThere = true;

/** What is agreed on; null where nothing is. */
export async function agreedOn(name: string): Promise<string | null> {
  return answered(name, await patiently(() => get(name, database)));
}

/**
 * Changes what is agreed on.
 *
 * @param change Gives the new text for the present one, or null for nothing. It is called once, unless the database
 *   fails: then the last call counts.
 * @returns The new text.
 */
export async function agree(name: string, change: (text: string | null) => string | null): Promise<string | null> {
  let text: string | null = null;
  const isDone = await patiently(async (isLate) => {
    await update(name, (kept) => isLate() ? kept : (text = change(answered(name, kept as Kept))), database);
    return true;
  });
  if (!isDone) text = change(ofBrowser.get(name));
  ofBrowser.set(name, text);
  return text;
}

/** Undefined where the database knows nothing of it. */
type Kept = string | null | undefined;

function answered(name: string, kept: Kept): string | null {
  return kept === undefined ? ofBrowser.get(name) : kept;
}

async function patiently<T>(ask: (isLate: () => boolean) => Promise<T>): Promise<T | undefined> {
  if (!isThere) return undefined;
  let giveUp: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((done) => (giveUp = setTimeout(() => {
    isThere = false;
    done(undefined);
  }, patienceMs)));
  try {
    return await Promise.race([ask(() => !isThere), late]);
  } catch {
    isThere = false;
    return undefined;
  } finally {
    clearTimeout(giveUp);
  }
}
