import './app/no-eval';
import '@fontsource-variable/inter';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import 'dockview-react/dist/styles/dockview.css';
import './ui/tokens.css';
import './ui/base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { watchDesktopNews } from './app/desktop-news';
import { cssVariables, theme } from './app/theme';
import { startDesk } from './state/desk';
import { startKeys } from './state/keys';
import { startLists } from './state/lists';
import { startMarket } from './state/market';
import { startProvider } from './state/provider';
import { startQuotingState } from './state/quoting';
import { startRecording } from './state/recording';
import { startRisk } from './state/risk';
import { startScreen } from './state/screen';
import { startSession } from './state/session';
import { startSettings } from './state/settings';
import { startVenueClocks } from './state/venue-clocks';

for (const start of [
  startScreen,
  startDesk,
  startSettings,
  startKeys,
  startLists,
  watchDesktopNews,
  startMarket,
  startProvider,
  startQuotingState,
  startRecording,
  startRisk,
  startVenueClocks,
])
  start();
startSession();

createRoot(document.getElementById('root') as HTMLElement).render(
  <MantineProvider theme={theme} cssVariablesResolver={cssVariables} forceColorScheme="dark">
    <Notifications position="bottom-left" limit={4} containerWidth={360} />
    <App />
  </MantineProvider>,
);
