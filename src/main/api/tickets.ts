const REMEMBERED = 1_000;

/** A ticket is made by one click; the same ticket twice is one request, however often it is sent. */
export interface Tickets {
  /** False when this ticket was used before; nothing must be done then. */
  use(ticket: string): boolean;
}

export function createTickets(): Tickets {
  const used = new Set<string>();
  return {
    use(ticket) {
      if (used.has(ticket)) return false;
      used.add(ticket);
      if (used.size > REMEMBERED) used.delete(used.values().next().value as string);
      return true;
    },
  };
}
