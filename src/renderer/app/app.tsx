import { useEffect } from 'react';
import { Approvals } from '../panels/approvals/approvals';
import { useDesk } from '../state/desk';
import { useScreen } from '../state/screen';
import { useSession } from '../state/session';
import { MODES } from '../ui/texts.en';
import { AlarmBar } from './alarm-bar';
import { DeskLayout } from './desk-layout';
import { LostKey } from './lost-key';
import { Palette } from './palette';
import { TopBar } from './top-bar';
import './app.css';

export function App() {
  const phase = useSession((session) => session.phase);
  const loaded = useScreen((screen) => screen.loaded);
  const colours = useScreen((screen) => screen.colours);
  const zone = useScreen((screen) => screen.zone);
  const mode = useDesk((desk) => desk.info?.mode);
  const halted = useDesk((desk) => desk.status?.halted != null);

  useEffect(() => {
    document.documentElement.dataset.colours = colours;
  }, [colours]);
  useEffect(() => {
    document.title = mode === undefined ? 'Wavedesk' : `${MODES[mode].word} · Wavedesk`;
  }, [mode]);

  if (phase === 'no-key') return <LostKey />;
  if (!loaded) return <Starting />;
  return (
    <div
      className={`app ${halted ? 'app-halted' : ''} ${phase === 'lost' ? 'app-lost' : ''}`}
      data-zone={zone}
    >
      <TopBar />
      <AlarmBar />
      <main className="desk">
        <DeskLayout />
      </main>
      <Palette />
      <Approvals />
    </div>
  );
}

function Starting() {
  const why = useSession((session) => session.why);
  return (
    <div className="page starting" role="status">
      <h1>Wavedesk</h1>
      <p>{why === null ? 'Connecting to the engine.' : `Connecting to the engine: ${why}. Trying again.`}</p>
    </div>
  );
}
