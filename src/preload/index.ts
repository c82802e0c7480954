import { ipcRenderer } from 'electron';

// The one thing that crosses: a message port, over which the contract is spoken. No function, no channel name.
ipcRenderer.on('wavedesk-port', (event) => {
  window.postMessage({ type: 'wavedesk-port' }, window.location.origin, event.ports);
});
