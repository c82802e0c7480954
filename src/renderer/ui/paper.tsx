import type { VenueKey } from '#shared/domain/exchange';

/** True for the account that is traded in this program: no order of it ever reaches an exchange. */
export const isPaper = (venue: VenueKey | string | null): boolean => venue?.endsWith('_paper') ?? false;

/** The word PAPER beside whatever belongs to the paper account; nothing for real ones. */
export const PaperWord = ({ venue }: { venue: VenueKey | string | null }) =>
  isPaper(venue) ? (
    <span
      className="mode mode-paper paper-word"
      title="Paper account: filled on this computer, no real money"
    >
      PAPER
    </span>
  ) : null;
