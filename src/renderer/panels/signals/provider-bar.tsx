import { focusPanel } from '../../app/desk-api';
import { useProvider } from '../../state/provider';
import { PROVIDER_MODES, providerState } from '../../ui/provider.en';

/** Who the signals come from and what they may do. */
export function ProviderBar() {
  const status = useProvider((state) => state.status);
  if (status === null) return <span className="hint">Provider not known yet</span>;
  const { word, means } = PROVIDER_MODES[status.settings.mode];
  return (
    <>
      <span className="provider-name" title={`${status.name}: ${providerState(status.state)}`}>
        {status.name}
      </span>
      <span className={`provider-mode provider-${status.settings.mode}`} title={means}>
        {word}
      </span>
      <span className="grow" />
      <button
        type="button"
        className="button quiet"
        title="What its signals may do"
        onClick={() => {
          focusPanel('Settings');
          requestAnimationFrame(() => document.getElementById('provider')?.scrollIntoView());
        }}
      >
        Change
      </button>
    </>
  );
}
