import { ProviderSettings } from '#shared/domain/provider';
import { PARAM_NAMES, type ParamName } from '#shared/domain/signal';
import { type FieldErrors, fieldErrors } from '../../state/settings';

type Layer = 'provider' | 'mine';
/** The form of one provider as the text in its boxes; an empty layer box means the layer does not say. */
export interface ProviderDraft {
  readonly mode: ProviderSettings['mode'];
  readonly approveWithinSeconds: string;
  readonly maxAgeMinutes: string;
  readonly provider: Readonly<Record<ParamName, string>>;
  readonly mine: Readonly<Record<ParamName, string>>;
  readonly mineOnlyIfMissing: boolean;
}

const boxes = (layer: ProviderSettings[Layer]): Record<ParamName, string> =>
  Object.fromEntries(PARAM_NAMES.map((name) => [name, String(layer[name] ?? '')])) as Record<
    ParamName,
    string
  >;

/** What the boxes show for these settings. */
export const toProviderDraft = (settings: ProviderSettings): ProviderDraft => ({
  mode: settings.mode,
  approveWithinSeconds: String(settings.approveWithinSeconds),
  maxAgeMinutes: String(settings.maxAgeMinutes),
  provider: boxes(settings.provider),
  mine: boxes(settings.mine),
  mineOnlyIfMissing: settings.mineOnlyIfMissing,
});

/** Text that is no whole number stays text, so that the schema names the field. */
const whole = (text: string): number | string => (/^-?\d+$/.test(text.trim()) ? Number(text) : text);

const layer = (texts: Readonly<Record<ParamName, string>>): Record<string, unknown> =>
  Object.fromEntries(
    PARAM_NAMES.filter((name) => texts[name].trim() !== '').map((name) => [
      name,
      name === 'maxTrades' ? whole(texts[name]) : texts[name].trim().replace(',', '.'),
    ]),
  );

/** The settings that the boxes mean, or which box is wrong. */
export function fromProviderDraft(draft: ProviderDraft): {
  readonly settings: ProviderSettings | null;
  readonly errors: FieldErrors;
} {
  const result = ProviderSettings.safeParse({
    mode: draft.mode,
    approveWithinSeconds: whole(draft.approveWithinSeconds),
    maxAgeMinutes: whole(draft.maxAgeMinutes),
    provider: layer(draft.provider),
    mine: layer(draft.mine),
    mineOnlyIfMissing: draft.mineOnlyIfMissing,
  });
  return result.success
    ? { settings: result.data, errors: {} }
    : { settings: null, errors: fieldErrors(result.error.issues) };
}
