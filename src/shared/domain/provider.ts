import { z } from 'zod';
import { Percent } from './basics';

/**
 * What a provider's signals may do. observe: recorded and decided on paper of the ledger, nothing is ordered;
 * paper: ordered on the paper account; approve: each waits for a person's yes; auto: ordered.
 */
export const ProviderMode = z.enum(['observe', 'paper', 'approve', 'auto']);
export type ProviderMode = z.infer<typeof ProviderMode>;

const Layer = z.object({
  maxTrades: z.number().int().min(1).max(100).optional(),
  stopLoss: Percent.optional(),
  trailingActivation: Percent.optional(),
  trailingDistance: Percent.optional(),
});
/** Values of one layer; an absent key means the layer does not say. */
export type ParamLayer = z.infer<typeof Layer>;

/** How one signal provider is followed. A provider nobody has decided about is only observed. */
export const ProviderSettings = z.object({
  mode: ProviderMode.default('observe'),
  /** An approval card that nobody answers is a no after this long, wall seconds. */
  approveWithinSeconds: z.number().int().min(5).max(900).default(60),
  /** A signal whose candle closed longer ago than this is never traded, market minutes. */
  maxAgeMinutes: z.number().int().min(1).max(120).default(60),
  /** Values for this provider, used where a signal says nothing. */
  provider: Layer.default({}),
  /** My own values. */
  mine: Layer.default({}),
  /** True: mine only fill what neither signal nor provider says. False: mine win over both. */
  mineOnlyIfMissing: z.boolean().default(true),
});
export type ProviderSettings = z.infer<typeof ProviderSettings>;
