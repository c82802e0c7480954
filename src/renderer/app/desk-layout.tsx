import {
  type DockviewApi,
  DockviewReact,
  type DockviewTheme,
  type IDockviewPanelHeaderProps,
  type IDockviewPanelProps,
} from 'dockview-react';
import { createElement, type FunctionComponent, useEffect, useRef, useState } from 'react';
import { ChartPanel } from '../panels/chart/chart-panel';
import { ConnectionsPanel } from '../panels/connections/connections-panel';
import { HistoryPanel } from '../panels/history/history-panel';
import { LedgerPanel } from '../panels/ledger/ledger-panel';
import { OrdersPanel } from '../panels/orders/orders-panel';
import { ParamsPanel } from '../panels/params/params-panel';
import { PositionsPanel } from '../panels/positions/positions-panel';
import { ProtectionPanel } from '../panels/protection/protection-panel';
import { QuotingPanel } from '../panels/quoting/quoting-panel';
import { RiskPanel } from '../panels/risk/risk-panel';
import { SettingsPanel } from '../panels/settings/settings-panel';
import { SignalsPanel } from '../panels/signals/signals-panel';
import { WatchlistPanel } from '../panels/watchlist/watchlist-panel';
import { WavesPanel } from '../panels/waves/waves-panel';
import { Boundary } from '../ui/boundary';
import { PANEL_KEYS, PANELS, type PanelName } from '../ui/panel';
import { tellFailure } from '../ui/tell';
import { keepLayout, loadLayout, setDock } from './desk-api';
import { widthOf } from './layouts';
import './dock.css';

const VIEWS: Record<PanelName, FunctionComponent> = {
  Watchlist: WatchlistPanel,
  Chart: ChartPanel,
  Signals: SignalsPanel,
  Params: ParamsPanel,
  Positions: PositionsPanel,
  Orders: OrdersPanel,
  History: HistoryPanel,
  Connections: ConnectionsPanel,
  Settings: SettingsPanel,
  Waves: WavesPanel,
  Ledger: LedgerPanel,
  Protection: ProtectionPanel,
  Risk: RiskPanel,
  Quoting: QuotingPanel,
};
/** A panel of the desk with its faults kept inside it. */
function PanelHost({ api }: IDockviewPanelProps) {
  const name = api.id as PanelName;
  return <Boundary name={name}>{createElement(VIEWS[name])}</Boundary>;
}
const COMPONENTS = Object.fromEntries(PANELS.map((name) => [name, PanelHost]));
const THEME: DockviewTheme = { name: 'wavedesk', className: 'dock', colorScheme: 'dark' };
const SETTLED_MS = 400;

/** The docking area. A wide and a narrow window each remember their own layout. */
export function DeskLayout() {
  const [width, setWidth] = useState(() => widthOf(window.innerWidth));
  useEffect(() => {
    const follow = () => setWidth(widthOf(window.innerWidth));
    window.addEventListener('resize', follow);
    return () => window.removeEventListener('resize', follow);
  }, []);
  // A fresh docking area per width: the other width's layout is loaded into it.
  return <Dock key={width} width={width} />;
}

function Dock({ width }: { width: ReturnType<typeof widthOf> }) {
  const stop = useRef<() => void>(() => undefined);
  useEffect(() => () => stop.current(), []);

  const ready = (api: DockviewApi) => {
    // dockview makes each group a region named after its tab; here the panel inside is that region.
    const added = api.onDidAddGroup((group) => group.element.setAttribute('role', 'group'));
    const blocked = api.onDidOpenPopoutWindowFail(() =>
      tellFailure(
        'No window was opened',
        'It was blocked here. The panel stays on the desk; it can float instead.',
      ),
    );
    loadLayout(api, width);
    for (const group of api.groups) group.element.setAttribute('role', 'group');
    setDock(api, width);

    let settled: string | null = null;
    let timer = setTimeout(() => {
      settled = JSON.stringify(api.toJSON());
    }, SETTLED_MS);
    const changed = api.onDidLayoutChange(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const now = JSON.stringify(api.toJSON());
        if (now === settled) return;
        keepLayout(
          api,
          arrangement(now) === arrangement(settled) || settled === null ? null : JSON.parse(settled),
        );
        settled = now;
      }, SETTLED_MS);
    });
    stop.current = () => {
      clearTimeout(timer);
      added.dispose();
      blocked.dispose();
      changed.dispose();
      setDock(null, width);
    };
  };

  return (
    <DockviewReact
      components={COMPONENTS}
      defaultTabComponent={Tab}
      theme={THEME}
      popoutUrl="./popout.html"
      getTabContextMenuItems={() => ['maximize', 'float', 'popout']}
      onReady={(event) => ready(event.api)}
    />
  );
}

/** Which panel stands where, without sizes and without which tab is in front: only that is worth an undo step. */
function arrangement(layout: string | null): string {
  return layout === null
    ? ''
    : JSON.stringify(
        JSON.parse(layout, (key, value: unknown) =>
          ['activeView', 'activeGroup', 'size', 'width', 'height', 'panels'].includes(key)
            ? undefined
            : value,
        ),
      );
}

/** A tab: its name. Panels are moved, not closed, so there is nothing to lose. */
function Tab(props: IDockviewPanelHeaderProps) {
  return (
    <div
      className="dock-tab"
      title={`Press ${PANEL_KEYS[props.api.id as PanelName]?.toUpperCase() ?? ''}; right-click for more`}
    >
      {props.api.title}
    </div>
  );
}
