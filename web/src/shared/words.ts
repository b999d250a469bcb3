/** A table of messages: a text by its name, with holes like {name}. */
export type Table = Readonly<Record<string, string>>;

/** Writes a message. */
export function fill(text: string, holes: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(holes[name] ?? whole));
}

/**
 * The language to speak: what the address names, else what was chosen before, else what the browser asks for, in its
 * order, else the first of those there are.
 */
export function chooseLanguage(
  there: readonly string[],
  named: string | null,
  chosen: string | null,
  asked: readonly string[],
): string {
  const wishes = [named, chosen, ...asked].filter((wish): wish is string => !!wish);
  for (const wish of wishes) {
    const found = there.find((one) => one === wish.toLowerCase().split('-')[0]);
    if (found) return found;
  }
  return there[0]!;
}
